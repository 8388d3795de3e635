"""What a trained network has to say of a picture before it names a class."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from analysis.experiments.datasets import fitted_all, normalised
from analysis.experiments.training import TrainingError
from analysis.progress import Report, silent
from analysis.vision.device import device_of
from cnn_models.spec import Preprocessing

BATCH = 32  # pictures that go through at once


def prepared(images: np.ndarray, recipe: Preprocessing) -> Tensor:
    """Pictures (N, 3, H, W) uint8 as a network takes them: (N, 3, crop, crop) float32."""
    return normalised(recipe)(torch.from_numpy(fitted_all(images, recipe)))


def features(
    model: nn.Module,
    head: str,
    images: np.ndarray,
    recipe: Preprocessing,
    report: Report = silent,
) -> np.ndarray:
    """What comes into the last layer, (N, D) float32, with the network in evaluation mode.

    Args:
        model: the network, which is left in the mode that it has.
        head: name of its last layer, as `parts.parts` finds it.
        images: (N, 3, H, W) uint8.
        recipe: what its weights want done to a picture.
        report: called with the pictures done and in all; what it raises ends the work.

    Raises:
        TrainingError: if the last layer is no linear layer, but a convolution as SqueezeNet's.
    """
    layer = model.get_submodule(head)
    if not isinstance(layer, nn.Linear):
        raise TrainingError(
            f"{type(model).__name__} ends in a convolution and not in a linear layer, so that no "
            "new last layer can be fitted to its features; train its last stages instead."
        )
    seen: list[Tensor] = []
    watch = layer.register_forward_pre_hook(lambda _, given: seen.append(given[0].cpu()))
    was_training = model.training
    try:
        _run(model.eval(), images, recipe, report)
    finally:
        watch.remove()
        model.train(was_training)
    return torch.cat(seen).numpy()


@torch.no_grad()
def _run(model: nn.Module, images: np.ndarray, recipe: Preprocessing, report: Report) -> None:
    for start in range(0, len(images), BATCH):
        report(start, len(images))
        model(prepared(images[start : start + BATCH], recipe).to(device_of(model)))
