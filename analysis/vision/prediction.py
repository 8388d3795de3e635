"""What a network takes an image for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe

_CLASSES = Path(__file__).parents[2] / "assets" / "imagenet_classes.json"


@dataclass(frozen=True)
class Prediction:
    """One row of a top-k list: rank from 1, the class and its index, its probability 0..1."""

    rank: int
    index: int
    name: str
    probability: float


def predict(model: nn.Module | Shared, x: Tensor) -> np.ndarray:
    """Softmax probabilities of a network in evaluation mode.

    Args and errors are those of `scores`.

    Returns:
        (N, classes) float32; each row adds up to 1.
    """
    return softmax(scores(model, x))


def scores(model: nn.Module | Shared, x: Tensor) -> np.ndarray:
    """What a network in evaluation mode gives before the softmax.

    Args:
        model: any classifier, on any device; a `Shared` one is locked meanwhile.
        x: (N, C, H, W), normalised as the weights want it.

    Returns:
        (N, classes) float32.

    Raises:
        ValueError: if the output is not one row of finite scores an image.
    """
    with probe(model) as network, torch.no_grad():
        given = network(x.to(device_of(network)))
    if not isinstance(given, Tensor) or given.ndim != 2:
        raise ValueError("The network does not give one row of scores an image; use a classifier.")
    if not bool(torch.isfinite(given).all()):
        raise ValueError(
            "The network's scores are not finite numbers; its weights or the input are broken."
        )
    return given.float().cpu().numpy()


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities of each row of scores: (N, classes) float32."""
    return torch.from_numpy(scores).softmax(dim=1).numpy()


def top_k(probabilities: np.ndarray, classes: Sequence[str], k: int = 5) -> tuple[Prediction, ...]:
    """The `k` most probable classes of one image, most probable first, ties in class order.

    Args:
        probabilities: (classes,), one row of `predict`.
        classes: a name for each.
        k: how many; no more come back than there are classes.

    Raises:
        ValueError: if there are more or fewer names than probabilities, or `k` is below 1.
    """
    probabilities = np.asarray(probabilities)
    if probabilities.shape != (len(classes),):
        raise ValueError(
            f"There are {len(classes)} class names for probabilities of shape "
            f"{probabilities.shape}; give one row and one name for each of its numbers."
        )
    if k < 1:
        raise ValueError(f"k is {k}; at least 1 class can be listed.")
    order = np.argsort(-probabilities, kind="stable")[:k]
    return tuple(
        Prediction(rank, i, classes[i], float(probabilities[i]))
        for rank, i in enumerate(map(int, order), start=1)
    )


@cache
def imagenet_classes() -> tuple[str, ...]:
    """The names of the 1000 ILSVRC classes, in the order of the networks' outputs."""
    rows = json.loads(_CLASSES.read_text(encoding="utf-8"))
    return tuple(row["name"] for row in sorted(rows, key=lambda row: row["index"]))
