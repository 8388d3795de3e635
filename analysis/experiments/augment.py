"""Augmentation: every batch shows the pictures a little changed, in ways that change no class.

Each function takes a batch (N, C, H, W), uint8 or float from 0 to 1, and a generator on the CPU,
and returns a batch of the same shape and type. Sizes follow the picture: what the papers do with 4
of 32 pixels is done with 2 of 16.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.experiments.datasets import mirrored
from analysis.experiments.lighting import lighting

Vary = Callable[[Tensor, torch.Generator], Tensor]

MARGIN = 8  # a picture gets a margin of an eighth of its side: 4 pixels for 32
HOLE = 2  # half of its side is cut out: 16 pixels for 32
NONE = "none"


class UnknownAugmentation(ValueError):
    """There is no augmentation of this name; the message says which there are."""


def shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """Put a margin around each picture and cut a window of the old size out of it at random.

    The margin has the mean colour of the batch, which becomes 0 when the mean is subtracted: He et
    al. (2016) pad CIFAR-10 by 4 zeros after that, section 4.2.
    """
    height, width = images.shape[2:]
    padded = with_margin(images, margin(height), margin(width))
    return windows(padded, height, width, generator)


def windows(images: Tensor, height: int, width: int, generator: torch.Generator) -> Tensor:
    """Cut a window out of each picture, every place as likely: (N, C, height, width)."""
    count, _, rows, columns = images.shape
    down = torch.randint(rows - height + 1, (count, 1), generator=generator)
    right = torch.randint(columns - width + 1, (count, 1), generator=generator)
    row = (down + torch.arange(height)).to(images.device)[:, :, None]  # (N, height, 1)
    column = (right + torch.arange(width)).to(images.device)[:, None, :]  # (N, 1, width)
    number = torch.arange(count, device=images.device)[:, None, None]
    return images.permute(0, 2, 3, 1)[number, row, column].permute(0, 3, 1, 2)


def cut_out(images: Tensor, generator: torch.Generator) -> Tensor:
    """Cover one square of each picture with the mean colour of the batch.

    Its centre is any pixel, so that a part of it may lie outside: DeVries and Taylor (2017),
    section 3.2, with 16 of 32 pixels for CIFAR-10.
    """
    count, _, height, width = images.shape
    rows = _covered(height, count, generator)
    columns = _covered(width, count, generator)
    hole = (rows[:, :, None] & columns[:, None, :])[:, None].to(images.device)  # (N, 1, H, W)
    return torch.where(hole, mean_colour(images), images)


def _covered(length: int, count: int, generator: torch.Generator) -> Tensor:
    """(N, length) bool: the pixels of a side that a square with a centre drawn from it covers."""
    start = torch.randint(length, (count, 1), generator=generator) - hole_side(length) // 2
    pixels = torch.arange(length)
    return (pixels >= start) & (pixels < start + hole_side(length))


def mean_colour(images: Tensor) -> Tensor:
    """(1, C, 1, 1), the mean over a batch, of its type; a value of uint8 is rounded."""
    mean = images.float().mean(dim=(0, 2, 3), keepdim=True)
    return mean.to(images.dtype) if images.is_floating_point() else mean.round().to(images.dtype)


def margin(side: int) -> int:
    """Pixels that `shifted` adds on each side."""
    return side // MARGIN


def hole_side(side: int) -> int:
    """Pixels of the square that `cut_out` covers."""
    return side // HOLE


def with_margin(images: Tensor, rows: int, columns: int) -> Tensor:
    """Add so many rows above and below and columns left and right, of the batch's mean colour."""
    count, channels, height, width = images.shape
    shape = (count, channels, height + 2 * rows, width + 2 * columns)
    padded = mean_colour(images).expand(shape).clone()
    padded[:, :, rows : rows + height, columns : columns + width] = images
    return padded


@dataclass(frozen=True)
class Augmentation:
    """One way to vary pictures. `made(train)` gives it for the images (N, C, H, W) to learn from.

    `sentence` says what it does; `source` where it is from.
    """

    label: str
    sentence: str
    source: str
    made: Callable[[Tensor], Vary]


AUGMENTATIONS: dict[str, Augmentation] = {
    "flip": Augmentation(
        "Flip",
        "The picture, or its mirror image.",
        "Krizhevsky, Sutskever and Hinton (2012), section 4.1",
        lambda _: mirrored,
    ),
    "crop": Augmentation(
        "Crop",
        "The picture gets a margin and a window of the old size is cut out at random.",
        "He, Zhang, Ren and Sun (2016), section 4.2",
        lambda _: shifted,
    ),
    "colour": Augmentation(
        "Colour",
        "All pixels move by one random step along the axes in which the colours of the data vary.",
        "Krizhevsky, Sutskever and Hinton (2012), section 4.1",
        lighting,
    ),
    "cutout": Augmentation(
        "Cutout",
        "A square at a random place is covered.",
        "DeVries and Taylor (2017), section 3",
        lambda _: cut_out,
    ),
}


USUAL = "usual"
OFFERED = {
    USUAL: "As usual for the data",
    NONE: "None",
    "flip": "Flip",
    "crop+flip": "Crop + flip",
    "crop+flip+colour": "Crop + flip + colour",
    "crop+flip+cutout": "Crop + flip + cutout",
}


def parts(name: str) -> tuple[str, ...]:
    """The augmentations of a name such as "crop+flip", in the order in which they are done.

    Raises:
        UnknownAugmentation: if it names one that there is not, or one twice.
    """
    if name == NONE:
        return ()
    found = tuple(part.strip() for part in name.split("+"))
    if len(set(found)) < len(found) or not set(found) <= set(AUGMENTATIONS):
        raise UnknownAugmentation(
            f"There is no augmentation {name!r}; take {NONE!r}, or some of "
            f"{', '.join(AUGMENTATIONS)}, joined by a plus, each once."
        )
    return found


def composed(name: str, train: Tensor) -> Vary:
    """One function that does all augmentations of a name in turn, such as "crop+flip+cutout".

    Args:
        name: "none", or keys of `AUGMENTATIONS` joined by a plus.
        train: the images (N, C, H, W) to learn from; colour varies as they do.

    Raises:
        UnknownAugmentation: if it names one that there is not, or one twice.
    """
    steps = [AUGMENTATIONS[part].made(train) for part in parts(name)]

    def vary(images: Tensor, generator: torch.Generator) -> Tensor:
        for step in steps:
            images = step(images, generator)
        return images

    return vary
