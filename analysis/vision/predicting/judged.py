"""What a network says to images whose truth is known, once for all questions about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import nn

from analysis.experiments.datasets import resized
from analysis.experiments.shapes import Shapes
from analysis.progress import Report, silent
from analysis.vision.prediction import scores
from analysis.vision.preprocess import normalised
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import knows_shapes
from analysis.vision.voices import Voice

_AT_ONCE = 50  # images in a batch


@dataclass(frozen=True, eq=False)
class Judged:
    """`scores` (N, classes) before the softmax, and the right classes `labels` (N,)."""

    scores: np.ndarray
    labels: np.ndarray

    @property
    def said(self) -> np.ndarray:
        """(N,) the most likely class of each image."""
        return self.scores.argmax(axis=1)

    @property
    def accuracy(self) -> float:
        return float((self.said == self.labels).mean())


def on_shapes(
    model: nn.Module | Shared,
    speaker: Voice,
    count: int,
    seed: int = 0,
    report: Report = silent,
) -> Judged:
    """What a network says to the first `count` images of the test split of Shapes.

    No network has learned from them. The model is lent for one batch at a time.

    Args:
        model: that of `speaker`.
        speaker: one that has learned from Shapes.
        count: how many images.
        seed: of Shapes.
        report: called with the images that are done.

    Raises:
        ValueError: if the network has not learned from Shapes, or `count` is not above 0.
    """
    if not knows_shapes(speaker):
        raise ValueError(f"{speaker.key} has not learned from Shapes; its answers have no truth.")
    if count < 1:
        raise ValueError(f"{count} images cannot be judged; take at least 1.")
    data, recipe = Shapes(seed, "test"), speaker.preprocessing
    found, labels = [], []
    for start in range(0, count, _AT_ONCE):
        report(start, count)
        batch = data.batch(range(start, min(start + _AT_ONCE, count)))
        pixels = np.stack([resized(image, recipe.crop) for image in batch.images])
        found.append(scores(model, normalised(pixels, recipe)))
        labels.append(batch.labels)
    return Judged(np.concatenate(found), np.concatenate(labels))
