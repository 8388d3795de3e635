"""Shapes: an endless data set whose pictures come with the true mask of their object.

A picture shows one of ten shapes in a random pose and colour on a textured background among
distractors. Because the picture is made, it is known exactly which pixels are the object, so an
explanation of a network's answer can be graded against the truth.

>>> sample = Shapes(seed=0, split="test")[7]
>>> sample.image.shape, sample.mask.shape, CLASSES[sample.label]
((64, 64, 3), (64, 64), 'heart')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from analysis.experiments import textures
from analysis.experiments.outlines import OUTLINES, Contours
from analysis.experiments.textures import OVERSAMPLING, SIZE

CLASSES: tuple[str, ...] = tuple(OUTLINES)
SPLITS: tuple[str, ...] = ("train", "validation", "test")
RADII = (14.0, 26.0)  # pixels from an object's centre to its farthest point
CONTRAST = 0.35  # least distance in RGB (0..1) between object and background before light and noise


class ShapesError(ValueError):
    """A seed, split or index that Shapes does not have; the message says which it has."""


class Sample(NamedTuple):
    """One picture: image (64, 64, 3) uint8, mask (64, 64) bool, label 0..9 into `CLASSES`."""

    image: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    label: int


class Batch(NamedTuple):
    """Pictures together: images (N, 64, 64, 3) uint8, masks (N, 64, 64) bool, labels (N,) int64."""

    images: NDArray[np.uint8]
    masks: NDArray[np.bool_]
    labels: NDArray[np.int64]


class Scene(NamedTuple):
    """A picture in its layers, light and noise included: what stands behind what.

    `background` and `surface` are (64, 64, 3) float32 in units of 0..255 (not yet clipped),
    `coverage` is (64, 64) float32: the share of each pixel that the object covers.
    """

    background: NDArray[np.float32]
    surface: NDArray[np.float32]
    coverage: NDArray[np.float32]
    label: int

    @property
    def mask(self) -> NDArray[np.bool_]:
        return self.coverage >= 0.5

    def image(self, with_object: bool = True) -> NDArray[np.uint8]:
        share = self.coverage[..., None] if with_object else 0
        picture = self.background + share * (self.surface - self.background)
        return np.clip(picture, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Shapes:
    """The data set of one seed and split; it holds no state and never ends.

    Sample `index` is a function of (seed, split, index) alone. The split is part of what the
    random generator is seeded with, so no picture of one split appears in another. The label is
    `index % 10`: any run of ten neighbours holds each class once.

    Raises:
        ShapesError: for an unknown split, a negative seed or a negative index.
    """

    seed: int = 0
    split: str = "train"

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ShapesError(f"There is no split {self.split!r}; take one of {', '.join(SPLITS)}.")
        if self.seed < 0:
            raise ShapesError(f"The seed is {self.seed}; take 0 or a positive whole number.")

    def __getitem__(self, index: int) -> Sample:
        scene = self.scene(index)
        return Sample(scene.image(), scene.mask, scene.label)

    def batch(self, indices: Iterable[int]) -> Batch:
        """Stack the samples of `indices`; empty arrays for no indices."""
        samples = [self[index] for index in indices]
        images = np.array([s.image for s in samples], np.uint8).reshape(-1, SIZE, SIZE, 3)
        masks = np.array([s.mask for s in samples], np.bool_).reshape(-1, SIZE, SIZE)
        return Batch(images, masks, np.array([s.label for s in samples], np.int64))

    def scene(self, index: int) -> Scene:
        """Sample `index` in its layers, so that it can be drawn without its object."""
        if index < 0:
            raise ShapesError(f"The index is {index}; Shapes counts upwards from 0 without an end.")
        rng = np.random.default_rng((self.seed, SPLITS.index(self.split), index))
        label = index % len(CLASSES)
        return scene(rng, OUTLINES[CLASSES[label]], label)


def scene(rng: np.random.Generator, outline: Contours, label: int) -> Scene:
    """Draw an object with this outline, and all that is around it, from the generator alone."""
    first, second = textures.colour_pair(rng)
    background = textures.scatter(rng, textures.paint(first, second, textures.pattern(rng)))
    surface = _surface(rng, first, second)
    light, noise = _camera(rng)
    coverage = _coverage(_posed(rng, outline))
    return Scene(background * light + noise, surface * light + noise, coverage, label)


def _surface(rng: np.random.Generator, first: NDArray, second: NDArray) -> NDArray[np.float32]:
    """Paint the object: two near colours, both unlike the background's. (64, 64, 3), 0..1."""
    base = textures.contrasting(rng, first, second, CONTRAST)
    tint = rng.uniform(-0.12, 0.12, 3).astype(np.float32)
    return textures.paint(base, np.clip(base + tint, 0, 1), textures.pattern(rng))


def _camera(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Uneven light (64, 64, 1), up to 255, and sensor noise (64, 64, 3), up to 8 of 255."""
    dark = np.float32(rng.uniform(0, 0.4))
    light = 255 * (1 - dark * textures.gradient(rng))
    level = np.float32(rng.uniform(1, 8))
    return light[..., None], level * rng.standard_normal((SIZE, SIZE, 3), dtype=np.float32)


def _posed(rng: np.random.Generator, outline: Contours) -> Contours:
    """Rotate, scale and mildly shear an outline and place it wholly in the picture, in pixels."""
    angle, shear = rng.uniform(0, 2 * np.pi), rng.uniform(-0.2, 0.2)
    stretch, radius = rng.uniform(0.85, 1.15), rng.uniform(*RADII)
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    matrix = np.array([(stretch, 0), (shear, 1 / stretch)]) @ turn
    contours = [contour @ matrix for contour in outline]  # row vectors (n, 2)
    reach = np.linalg.norm(contours[0], axis=1).max()
    contours = [contour * radius / reach for contour in contours]
    low, high = contours[0].min(axis=0), contours[0].max(axis=0)
    place = rng.uniform(1 - low, SIZE - 1 - high)  # a pixel of margin on every side
    return tuple(contour + place for contour in contours)


def _coverage(contours: Contours) -> NDArray[np.float32]:
    """Share of each pixel inside the first contour and outside the others. (64, 64), 0..1."""
    canvas = Image.new("L", (SIZE * OVERSAMPLING, SIZE * OVERSAMPLING))
    draw = ImageDraw.Draw(canvas)
    for contour, fill in zip(contours, (255, 0), strict=False):
        draw.polygon((contour * OVERSAMPLING - 0.5).ravel().tolist(), fill=fill)
    return np.asarray(canvas.reduce(OVERSAMPLING), dtype=np.float32) / np.float32(255)
