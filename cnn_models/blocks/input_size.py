"""A clear refusal for images that a network's fixed layers cannot take."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn


def limit_input_size(
    network: nn.Module, smallest: int, largest: int | None = None, *, training_only: bool = False
) -> None:
    """Let `network` refuse images whose sides are not `smallest` to `largest` pixels.

    The check is a forward pre-hook, so it is no part of the traced graph. From then on a call
    raises ValueError for a batch (N, C, H, W) or an image (C, H, W) of another size, naming the
    sizes that would work. With `training_only` it does so in training mode only, for layers that
    work there alone, such as auxiliary heads.
    """
    refuse = partial(_refuse, smallest=smallest, largest=largest, training_only=training_only)
    network.register_forward_pre_hook(refuse)


def _refuse(
    network: nn.Module,
    inputs: tuple[object, ...],
    *,
    smallest: int,
    largest: int | None,
    training_only: bool,
) -> None:
    if training_only and not network.training:
        return
    images = inputs[0] if inputs else None
    if not isinstance(images, torch.Tensor):  # torch.fx passes stand-ins without a size
        return
    height, width = images.shape[-2:]
    low, high = min(height, width), max(height, width)
    if low >= smallest and (largest is None or high <= largest):
        return
    allowed = f"of at least {smallest}" if largest is None else f"from {smallest} to {largest}"
    mode = " in training mode" if training_only else ""
    name = type(network).__name__
    raise ValueError(
        f"This image is {height} × {width}; {name} takes sides {allowed} pixels{mode}."
    )
