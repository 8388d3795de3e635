"""What comes out of transfer learning: a network that tells the user's classes apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image
from safetensors.torch import load
from torch import nn

from analysis.experiments import lab, runs
from analysis.experiments.folder import Folder, square
from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import parts, probe
from analysis.experiments.transfer.backbones import backbone, needed
from analysis.experiments.transfer.evaluation import Evaluation
from analysis.experiments.transfer.features import BATCH, prepared
from analysis.experiments.transfer.making import Making, of_command
from analysis.experiments.transfer.probe import Seen
from analysis.vision.device import device_of
from analysis.vision.prediction import predict
from cnn_models.spec import Preprocessing


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network of the catalogue in evaluation mode, with the names of its outputs.

    Attributes:
        key: of the catalogue.
        options: with which `cnn_models.build` made it, beside the number of classes.
        module: the network, on the processor.
        classes: names of its outputs; they can be shown anywhere.
        preprocessing: what is done to the middle square of a picture.
        making: what it learned from, and how.
        evaluation: how it does on pictures that it has not learned.
    """

    key: str
    options: Mapping[str, Any]
    module: nn.Module
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    making: Making
    evaluation: Evaluation

    def predict(self, images: Sequence[Image.Image]) -> np.ndarray:
        """Probabilities of the classes for pictures of any size: (N, classes) float32."""
        return self.predict_squares(np.stack([square(image.convert("RGB")) for image in images]))

    def predict_squares(self, images: np.ndarray) -> np.ndarray:
        """The same for pictures as a `Folder` holds them: (N, 3, 96, 96) uint8."""
        return answers(self.module, images, self.preprocessing)


def answers(module: nn.Module, images: np.ndarray, recipe: Preprocessing) -> np.ndarray:
    """Probabilities (N, classes) for pictures (N, 3, H, W) uint8, some at a time."""
    device = device_of(module)
    return np.concatenate(
        [
            predict(module, prepared(images[start : start + BATCH], recipe).to(device))
            for start in range(0, len(images), BATCH)
        ]
    )


def of_probe(seen: Seen, seed: int = 0) -> Classifier:
    """A fitted last layer, judged by the fifth of the pictures that the seed holds out.

    Raises:
        TrainingError: if a class has no picture to learn from.
    """
    learned, held = seen.folder.split(seed)
    voice, folder = seen.voice, seen.folder
    return Classifier(
        key=voice.key,
        options=needed(voice.key, voice.weights_name),
        module=probe.network(seen, learned),
        classes=folder.classes,
        preprocessing=voice.preprocessing,
        making=Making(
            "Only the last layer was fitted, by logistic regression on the standardised features "
            "of the frozen network.",
            voice.sentence,
            of_command(voice.key, voice.weights_name, seed),
            seed,
            _counts(folder, learned),
        ),
        evaluation=probe.judged(seen, learned, held),
    )


def of_run(run: Run, weights: bytes, folder: Folder) -> Classifier:
    """A run that has ended, judged by the pictures that it held out.

    Args:
        run: which learned `folder`.
        weights: what it ended with, as safetensors: `Progress.weights` of its ticket.
        folder: the pictures that it learned.

    Raises:
        TrainingError: if the weights were not kept or do not fit, or the network is not one of
            the catalogue as it stands.
    """
    if run.network in lab.BUILDERS or set(run.options) & set(lab.ALTERATIONS):
        raise TrainingError(f"{run.title} is no network of the catalogue; choose one that is.")
    if not weights:
        raise TrainingError(f"The weights of {run.title} were too large to be kept.")
    module = _filled(run, weights, len(folder.classes))
    recipe = runs.preprocessing(run)
    learned, held = folder.split(run.config.seed)
    return Classifier(
        key=run.network,
        options=runs.options_of(run),
        module=module,
        classes=folder.classes,
        preprocessing=recipe,
        making=Making(
            _how(run),
            backbone(run.network, run.weights).sentence if run.weights else "Random weights",
            run.command(),
            run.config.seed,
            _counts(folder, learned),
        ),
        evaluation=Evaluation(
            folder.classes,
            held,
            folder.labels[held],
            answers(module, folder.images[held], recipe),
            np.zeros(len(held), np.int64),
        ),
    )


def _filled(run: Run, weights: bytes, classes: int) -> nn.Module:
    fresh = replace(run, weights="", unfrozen=parts.ALL, options=runs.options_of(run))
    module = runs.network(fresh, classes, runs.channels_of(run))
    try:
        module.load_state_dict(load(weights))
    except RuntimeError as problem:
        raise TrainingError(f"These weights are not those of {run.title}.") from problem
    return module.eval().requires_grad_(False)


def _how(run: Run) -> str:
    config = run.config
    layers = {
        parts.ALL: "All layers",
        0: "The last layer alone",
        1: "The last layer and the stage before it",
    }.get(run.unfrozen, f"The last layer and the {run.unfrozen} stages before it")
    verb = "were" if run.unfrozen != 0 else "was"
    return (
        f"{layers} {verb} trained for {config.epochs} epochs in batches of {config.batch_size}, "
        f"with SGD, learning rate {config.learning_rate:g}, momentum {config.momentum:g}, weight "
        f"decay {config.weight_decay:g}."
    )


def _counts(folder: Folder, learned: np.ndarray) -> dict[str, int]:
    found = np.bincount(folder.labels[learned], minlength=len(folder.classes))
    return {name: int(count) for name, count in zip(folder.classes, found, strict=True)}
