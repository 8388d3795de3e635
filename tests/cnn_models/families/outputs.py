"""What the parts of a network give, seen from outside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn


def output_shapes(
    network: nn.Module, names: Iterable[str], side: int
) -> dict[str, tuple[int, ...]]:
    """(C, H, W) behind each submodule, for a picture with `side` pixels a side on meta."""
    shapes: dict[str, tuple[int, ...]] = {}

    def keep(name: str, _module: nn.Module, _inputs: Any, output: Tensor) -> None:
        shapes[name] = tuple(output.shape[1:])

    handles = [network.get_submodule(n).register_forward_hook(partial(keep, n)) for n in names]
    network.eval()(torch.empty(1, 3, side, side, device="meta"))
    for handle in handles:
        handle.remove()
    return shapes
