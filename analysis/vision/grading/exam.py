"""The pictures that explanations are graded on: Shapes that no network has learned from.

The truth is known: which pixels are the object, and what the picture is without it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from analysis.experiments.datasets import normalised, resized
from analysis.experiments.shapes import Shapes
from analysis.vision.prediction import predict
from analysis.vision.probe import Shared
from cnn_models.spec import Preprocessing

SPLIT = "test"
SEED = 1  # the shipped networks learned from seed 0, and their cards' accuracy is of it too
_HALF = 127  # a pixel of a smaller mask is the object's if half of it is


@dataclass(frozen=True, eq=False)
class Exam:
    """N pictures of S × S pixels with what is true about them.

    `pictures` (N, S, S, 3) uint8 to show; `inputs` (N, 3, S, S) float32 as the network takes them,
    `absent` the same without their objects; `masks` (N, S, S) bool, the object's pixels; `labels`
    (N,) int64.
    """

    pictures: np.ndarray
    inputs: Tensor
    absent: Tensor
    masks: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def of(self, chosen: np.ndarray) -> Exam:
        """The pictures at these places."""
        places = torch.from_numpy(chosen)
        return Exam(
            self.pictures[chosen],
            self.inputs[places],
            self.absent[places],
            self.masks[chosen],
            self.labels[chosen],
        )


def draw(preprocessing: Preprocessing, count: int, seed: int = SEED) -> Exam:
    """Pictures 0 to `count` - 1 of the test split, at the size that a network takes.

    Raises:
        ValueError: if `count` is not positive.
        analysis.experiments.shapes.ShapesError: for a negative seed.
    """
    if count < 1:
        raise ValueError(f"{count} pictures cannot be graded; take 1 or more.")
    side, data = preprocessing.crop, Shapes(seed, SPLIT)
    scenes = [data.scene(index) for index in range(count)]
    pictures = np.stack([resized(scene.image(), side) for scene in scenes])
    absent = np.stack([resized(scene.image(with_object=False), side) for scene in scenes])
    return Exam(
        pictures,
        as_inputs(pictures, preprocessing),
        as_inputs(absent, preprocessing),
        np.stack([small_mask(scene.mask, side) for scene in scenes]),
        np.array([scene.label for scene in scenes]),
    )


def answered(model: nn.Module | Shared, exam: Exam) -> np.ndarray:
    """Places (M,) of the pictures whose class the network names, M from 0 to N."""
    return np.flatnonzero(predict(model, exam.inputs).argmax(axis=1) == exam.labels)


def as_inputs(pictures: np.ndarray, preprocessing: Preprocessing) -> Tensor:
    """(N, S, S, 3) uint8 to (N, 3, S, S) float32 as the network takes them."""
    channels_first = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    return normalised(preprocessing)(channels_first).contiguous()


def small_mask(mask: np.ndarray, side: int) -> np.ndarray:
    """A mask at `side` × `side`: those pixels of which at least half are in it."""
    fine = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(fine.resize((side, side), Image.Resampling.BOX)) > _HALF
