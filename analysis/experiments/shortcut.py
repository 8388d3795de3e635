"""Shapes with a shortcut: a small coloured tag in a corner betrays the class.

A network that learns from these pictures can be right without looking at the object. The same
picture comes with a tag that tells the truth, without one, and with a tag that lies; so it can be
measured what a network goes by, and whether an explanation of its answer shows it.

>>> sample = Shortcut(seed=0, split="test", tag="lying")[7]
>>> CLASSES[sample.label], CLASSES[sample.said], int(sample.tag.sum())
('heart', 'circle', 100)
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.shapes import CLASSES, SPLITS, Shapes, ShapesError
from analysis.experiments.textures import SIZE

TAGS: tuple[str, ...] = ("true", "none", "lying")
SIDE = 10  # pixels of a tag, in a picture of 64
COLOURS = tuple(
    tuple(round(255 * part) for part in colorsys.hsv_to_rgb(place / len(CLASSES), 1, 1))
    for place in range(len(CLASSES))
)
"""RGB of the tag of each class: ten hues, as far apart as ten can be."""

_STREAM = 1  # tells the generator of the tag from the one of the picture


class Tagged(NamedTuple):
    """One picture: image (64, 64, 3) uint8, masks (64, 64) bool, classes 0..9 into `CLASSES`.

    `mask` is the object, less what the tag hides of it; `tag` is the tag, empty where there is
    none. `said` is the class that the tag names, -1 where there is none.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    label: int
    tag: NDArray[np.bool_]
    said: int


@dataclass(frozen=True)
class Shortcut:
    """Shapes of one seed and split, each with its tag; `tag` is one of `TAGS`.

    Sample `index` is a function of (seed, split, index, tag) alone, and the three tags change
    nothing but the tag: it is in the same corner, the one of four in random order where it hides
    least of the object. A tag that lies names each of the nine other classes equally often.

    Raises:
        ShapesError: for a tag, seed, split or index that there is not.
    """

    seed: int = 0
    split: str = "train"
    tag: str = "true"

    def __post_init__(self) -> None:
        if self.tag not in TAGS:
            raise ShapesError(f"There is no tag {self.tag!r}; take one of {', '.join(TAGS)}.")
        Shapes(self.seed, self.split)

    def __getitem__(self, index: int) -> Tagged:
        sample = Shapes(self.seed, self.split)[index]
        if self.tag == "none":
            return Tagged(*sample, tag=np.zeros((SIZE, SIZE), np.bool_), said=-1)
        rng = np.random.default_rng((self.seed, SPLITS.index(self.split), index, _STREAM))
        tag = _corner(rng, sample.mask)
        said = sample.label
        if self.tag == "lying":
            said = (said + int(rng.integers(1, len(CLASSES)))) % len(CLASSES)
        image = np.where(tag[..., None], np.array(COLOURS[said], np.uint8), sample.image)
        return Tagged(image, sample.mask & ~tag, sample.label, tag, said)


def _corner(rng: np.random.Generator, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The tag's pixels, (64, 64), in the corner where they hide least of the object."""
    tags = np.zeros((4, SIZE, SIZE), np.bool_)
    first, last = slice(0, SIDE), slice(SIZE - SIDE, SIZE)
    places = [(rows, columns) for rows in (first, last) for columns in (first, last)]
    for tag, place in zip(tags, rng.permutation(4), strict=True):
        tag[places[place]] = True
    hidden = (tags & mask).sum(axis=(1, 2))
    return tags[int(hidden.argmin())]
