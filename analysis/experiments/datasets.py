"""Shapes as tensors for training, brought to the size that a network takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from analysis.experiments.data import Data, Split
from analysis.experiments.shapes import CLASSES, Sample, Shapes
from analysis.experiments.shortcut import Shortcut, Tagged
from analysis.vision import preprocess
from cnn_models.spec import Preprocessing


class Pictures(Protocol):
    """Numbered pictures without an end, such as `Shapes` and `Shortcut`."""

    def __getitem__(self, index: int, /) -> Sample | Tagged: ...


def shapes(preprocessing: Preprocessing, train: int, test: int, seed: int = 0) -> Data:
    """Shapes 0 to `train` - 1 to learn from, 0 to `test` - 1 of the test split to be judged by.

    Images are (N, 3, crop, crop) uint8 and are normalised batch by batch; training batches are
    mirrored at random, which changes no class.
    """
    return _pictures(Shapes(seed, "train"), train, Shapes(seed, "test"), test, preprocessing)


def shortcut(preprocessing: Preprocessing, train: int, test: int, seed: int = 0) -> Data:
    """The same pictures with a tag in a corner that betrays the class, in both splits."""
    return _pictures(Shortcut(seed, "train"), train, Shortcut(seed, "test"), test, preprocessing)


def _pictures(
    learned: Pictures, train: int, unseen: Pictures, test: int, preprocessing: Preprocessing
) -> Data:
    return Data(
        train=shapes_split(learned, train, preprocessing.crop),
        test=shapes_split(unseen, test, preprocessing.crop),
        prepare=normalised(preprocessing),
        augment=mirrored,
        classes=CLASSES,
    )


def shapes_split(data: Pictures, count: int, side: int) -> Split:
    """Draw the first `count` pictures at `side` pixels. (count, 3, side, side) uint8, (count,)."""
    images = np.empty((count, side, side, 3), np.uint8)
    labels = np.empty(count, np.int64)
    for index in range(count):
        sample = data[index]
        images[index], labels[index] = resized(sample.image, side), sample.label
    return Split(torch.from_numpy(images).permute(0, 3, 1, 2), torch.from_numpy(labels))


def resized(image: np.ndarray, side: int) -> np.ndarray:
    """Scale as every photograph is scaled, by Pillow's antialiased bilinear filter: HWC, uint8."""
    if image.shape[:2] == (side, side):
        return image
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR))


def resized_all(images: np.ndarray, side: int) -> np.ndarray:
    """The same for a whole set: (N, 3, H, W) uint8 to (N, 3, side, side)."""
    scaled = np.empty((len(images), 3, side, side), np.uint8)
    for place, image in enumerate(images):
        scaled[place] = resized(image.transpose(1, 2, 0), side).transpose(2, 0, 1)
    return scaled


def fitted_all(images: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    """Resized and cropped as a set of weights wants it: (N, 3, H, W) uint8 to (N, 3, crop, crop).

    Raises:
        ValueError: if the recipe names an interpolation that is not known.
    """
    side = preprocessing.crop
    fitted = np.empty((len(images), 3, side, side), np.uint8)
    for place, image in enumerate(images):
        picture = preprocess.resized(Image.fromarray(image.transpose(1, 2, 0)), preprocessing)
        fitted[place] = np.asarray(preprocess.centre_crop(picture, side)).transpose(2, 0, 1)
    return fitted


def normalised(preprocessing: Preprocessing) -> Callable[[Tensor], Tensor]:
    """Make the step from uint8 to what the network takes: 0..1, less the mean, over the std."""
    mean = torch.tensor(preprocessing.mean).view(-1, 1, 1)  # (3, 1, 1)
    std = torch.tensor(preprocessing.std).view(-1, 1, 1)
    return lambda images: (images / 255 - mean.to(images.device)) / std.to(images.device)


def mirrored(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror each image left to right with probability one half. (N, C, H, W)."""
    chosen = torch.rand(len(images), 1, 1, 1, generator=generator) < 0.5
    return torch.where(chosen.to(images.device), images.flip(3), images)
