"""Images in batches that a machine with many students can lend the memory for."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

# Input values in one pass. The maps of a network are some 50 times more: VGG-16 then needs about a
# gigabyte.
_VALUES = 8 * 3 * 224 * 224
_MOST = 64


def batches(images: Tensor) -> Iterator[Tensor]:
    """Parts of (N, C, H, W), in order."""
    yield from images.split(at_once(images))


def at_once(images: Tensor, most: int = _MOST) -> int:
    """How many images like those of (N, C, H, W) go through a network together, at most `most`."""
    return max(1, min(most, _VALUES // images[0].numel()))


def passes(images: Tensor) -> int:
    """How many batches there are."""
    return -(-len(images) // at_once(images))
