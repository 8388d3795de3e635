"""What several looks at each test image do for the accuracy: one, two and ten, as the decks count.

The answers are averaged after the softmax (Krizhevsky, Sutskever and Hinton, 2012, section 4.1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.amounts import counted, percent
from analysis.experiments.datasets import resized
from analysis.experiments.shapes import Shapes
from analysis.progress import Report, silent
from analysis.vision.predicting import crops
from analysis.vision.prediction import scores, softmax
from analysis.vision.preprocess import normalised
from analysis.vision.probe import Shared
from cnn_models.spec import Preprocessing

IMAGES = 200
_BATCH = 20
_CENTRE = 4  # of the five windows of ten-crop
_FRAME, _WINDOW = 256, 224  # AlexNet's sizes, whose ratio is kept


class Compared(NamedTuple):
    """Which images were answered rightly, (N,) bool each: by the centre, with its mirror, by ten.

    The images are the first N of the test split of Shapes of this `seed`.
    """

    one: np.ndarray
    two: np.ndarray
    ten: np.ndarray
    seed: int


def compared(
    shared: Shared,
    preprocessing: Preprocessing,
    count: int = IMAGES,
    seed: int = 0,
    report: Report = silent,
) -> Compared:
    """Ask a network that knows Shapes about `count` test images, ten times each.

    Args:
        shared: the network with its lock.
        preprocessing: what it learned with.
        count: of images.
        seed: of Shapes.
        report: called with the images done and `count`; what it raises ends the work.
    """
    pictures = Shapes(seed, "test")
    right: list[np.ndarray] = []
    for start in range(0, count, _BATCH):
        report(start, count)
        samples = [pictures[index] for index in range(start, min(start + _BATCH, count))]
        views = np.stack([looks(sample.image, preprocessing.crop) for sample in samples])
        flat = views.reshape(-1, *views.shape[2:])
        answers = softmax(scores(shared, normalised(flat, preprocessing)))
        shares = answers.reshape(len(samples), 10, -1)
        labels = np.array([sample.label for sample in samples])
        right.append(_right(shares, labels))
    one, two, ten = np.concatenate(right, axis=1)
    return Compared(one, two, ten, seed)


def looks(image: np.ndarray, side: int) -> np.ndarray:
    """Ten windows of a picture (H, W, 3), which is scaled so that they cover what AlexNet's do."""
    frame = resized(image, round(side * _FRAME / _WINDOW))
    cut = crops.windows("ten", frame.shape[0], frame.shape[1], side)
    return np.stack([crops.patch(frame, window) for window in cut])


def _right(shares: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(3, N) bool from shares (N, 10, classes): by the centre, by it and its mirror, by all."""
    groups = ([_CENTRE], [_CENTRE, _CENTRE + 5], list(range(10)))
    return np.stack([shares[:, group].mean(axis=1).argmax(axis=1) == labels for group in groups])


def notice(name: str, found: Compared) -> str:
    """The three accuracies, and what ten looks mended and spoiled."""
    mended = int((found.ten & ~found.one).sum())
    spoiled = int((found.one & ~found.ten).sum())
    return (
        f"**{name}, {counted(len(found.one), 'test image')} of Shapes, seed {found.seed}:** "
        f"{percent(found.one.mean())} are right with the centre alone, "
        f"{percent(found.two.mean())} with its mirror image too, {percent(found.ten.mean())} with "
        f"all ten. Ten looks mend {counted(mended, 'answer')} and spoil "
        f"{counted(spoiled, 'answer')}, for ten times the work."
    )
