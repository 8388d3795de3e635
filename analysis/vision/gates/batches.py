"""Images in batches that a machine with many students can lend the memory for."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

_VALUES = (
    8 * 3 * 224 * 224
)  # input values in one pass; the maps of a network are some 50 times more
_MOST = 64


def batches(images: Tensor) -> Iterator[Tensor]:
    """Parts of (N, C, H, W), in order."""
    yield from images.split(at_once(images))


def at_once(images: Tensor) -> int:
    """How many images of (N, C, H, W) go through a network together."""
    return max(1, min(_MOST, _VALUES // images[0].numel()))


def passes(images: Tensor) -> int:
    """How many batches there are."""
    return -(-len(images) // at_once(images))
