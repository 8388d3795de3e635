"""The data sets that a network can learn here, each drawn at the size that the network takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from torch import Generator, Tensor, nn

from analysis.experiments import cifar, datasets, digits, shapes
from analysis.experiments.augment import shifted
from analysis.experiments.cifar import Cifar
from analysis.experiments.data import Data, Split
from cnn_models.spec import Preprocessing

HALF, QUARTER = (0.5,) * 3, (0.25,) * 3


@dataclass(frozen=True)
class Source:
    """A data set: `draw(side, train, test, seed)` gives so many images of (channels, side, side).

    `most` is how many training images there are, None where they never end; `channels` is 3, or 1
    for ink. `archive` is what has to be fetched before, where that is not with the project.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    channels: int
    most: int | None
    draw: Callable[[int, int, int, int], Data]
    archive: Cifar | None = None

    @property
    def is_here(self) -> bool:
        """Whether it can be drawn at once."""
        return self.archive is None or self.archive.is_here


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


def _cifar(archive: Cifar, side: int, train: int, test: int, seed: int) -> Data:
    """Shifted and mirrored while they are learned, as in all papers on CIFAR of the lectures."""
    data = cifar.draw(archive, pictures(side), train, test, seed)

    def vary(images: Tensor, generator: Generator) -> Tensor:
        return datasets.mirrored(shifted(images, generator), generator)

    return replace(data, augment=vary)


def of_archive(archive: Cifar) -> Source:
    """The data set that an archive holds."""
    draw = partial(_cifar, archive)
    return Source(archive.name, archive.title, archive.classes, 3, cifar.LEARNED, draw, archive)


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
        of_archive(cifar.CIFAR10),
        of_archive(cifar.CIFAR100),
    )
}
