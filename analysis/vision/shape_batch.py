"""Pictures of the Shapes test split for any network in colour, and which networks know them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from analysis.experiments import datasets
from analysis.experiments.shapes import CLASSES, Shapes
from analysis.vision.voices import Voice, trained_here, voice

DATASET = "shapes"
SEED = 0


@dataclass(frozen=True, eq=False)
class ShapeBatch:
    """`images` (N, 3, side, side), normalised for a network; `labels` (N,) into `CLASSES`."""

    images: Tensor
    labels: np.ndarray


def shape_batch(speaker: Voice, count: int, seed: int = SEED) -> ShapeBatch:
    """The first `count` pictures of the test split of one seed, scaled to what a network takes.

    Raises:
        ValueError: if the network takes no colour picture.
    """
    if speaker.input_shape[0] != 3:
        raise ValueError("Shapes are in colour; this network reads ink on paper.")
    split = datasets.shapes_split(Shapes(seed, "test"), count, speaker.input_shape[1])
    images = datasets.normalised(speaker.preprocessing)(split.images)
    return ShapeBatch(images, split.labels.numpy())


def knows_shapes(speaker: Voice) -> bool:
    """Whether a network has learned from Shapes, so that its answers can be judged there."""
    return speaker.trained_on == DATASET and speaker.classes == CLASSES


def knowing_shapes() -> tuple[str, ...]:
    """Keys of the networks that ship and have learned from Shapes."""
    return tuple(key for key in trained_here() if knows_shapes(voice(key)))
