"""A clear refusal for images that a network's fixed layers cannot take."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn


def limit_input_size(network: nn.Module, smallest: int, largest: int | None = None) -> None:
    """Let `network` refuse images whose sides are not `smallest` to `largest` pixels.

    The check is a forward pre-hook, so it is no part of the traced graph. From then on a call
    raises ValueError for a batch (N, C, H, W) or an image (C, H, W) of another size, naming the
    sizes that would work.
    """
    network.register_forward_pre_hook(partial(_refuse, smallest=smallest, largest=largest))


def _refuse(
    network: nn.Module, inputs: tuple[object, ...], *, smallest: int, largest: int | None
) -> None:
    images = inputs[0] if inputs else None
    if not isinstance(images, torch.Tensor):  # torch.fx passes stand-ins without a size
        return
    height, width = images.shape[-2:]
    low, high = min(height, width), max(height, width)
    if low >= smallest and (largest is None or high <= largest):
        return
    allowed = f"of at least {smallest}" if largest is None else f"from {smallest} to {largest}"
    raise ValueError(
        f"This image is {height} × {width}; {type(network).__name__} takes sides {allowed} pixels."
    )
