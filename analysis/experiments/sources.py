"""The data sets that a network can learn here, each drawn at the size that the network takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor, nn

from analysis.experiments import datasets, digits, shapes
from analysis.experiments.data import Data, Split
from cnn_models.spec import Preprocessing

HALF, QUARTER = (0.5,) * 3, (0.25,) * 3


@dataclass(frozen=True)
class Source:
    """A data set: `draw(side, train, test, seed)` gives so many images of (channels, side, side).

    `most` is how many training images there are, None where they never end; `channels` is 3, or 1
    for ink.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    channels: int
    most: int | None
    draw: Callable[[int, int, int, int], Data]


def pictures(side: int) -> Preprocessing:
    """What a small network does to a picture of `side` pixels: values from -2 to 2."""
    return Preprocessing(resize=side, crop=side, interpolation="bilinear", mean=HALF, std=QUARTER)


def _shapes(side: int, train: int, test: int, seed: int) -> Data:
    return datasets.shapes(pictures(side), train, test, seed)


def _shortcut(side: int, train: int, test: int, seed: int) -> Data:
    return datasets.shortcut(pictures(side), train, test, seed)


def _digits(side: int, train: int, test: int, seed: int) -> Data:
    """The digits as they are drawn, 32 pixels wide; the mean of pixels where `side` is another."""
    data = digits.digits(seed)
    data = replace(data, train=_first(data.train, train), test=_first(data.test, test))
    if side == data.train.images.shape[-1]:
        return data
    return replace(data, prepare=lambda ink: nn.functional.adaptive_avg_pool2d(ink, side))


def _first(split: Split, count: int) -> Split:
    return Split(split.images[:count], split.labels[:count])


def in_colour(data: Data, channels: int) -> Data:
    """One channel of ink, repeated for a network that takes `channels`; else the data as it is."""
    if data.train.images.shape[1] == channels:
        return data
    prepare = data.prepare

    def repeated(images: Tensor) -> Tensor:
        return prepare(images).expand(-1, channels, -1, -1)

    return replace(data, prepare=repeated)


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source("shapes", "Shapes", shapes.CLASSES, 3, None, _shapes),
        Source("digits", "digits", digits.CLASSES, 1, digits.LEARNED, _digits),
        Source("shapes_shortcut", "Shapes with a tag", shapes.CLASSES, 3, None, _shortcut),
    )
}
