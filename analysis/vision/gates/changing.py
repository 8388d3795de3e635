"""Another gate in place of a network's own: all open, always the same, or a channel shut.

A network without the multiplication is the one with a gate of 1. A gate that is always its mean
still weighs the channels, but no longer looks at the image. So the two tell what the gate is good
for: weighing at all, and weighing by what is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from analysis.vision.gates.places import find

Change = Callable[[Tensor], Tensor]
"""From s to what takes its place, both (N, channels, 1, 1) or (N, channels)."""


def to_one(scale: Tensor) -> Tensor:
    """No gate: every channel passes as it is."""
    return torch.ones_like(scale)


def to_values(values: np.ndarray) -> Change:
    """The same gate, (channels,), for every image."""

    def change(scale: Tensor) -> Tensor:
        if values.shape != (scale.shape[1],):
            raise ValueError(
                f"{values.shape} values are given for a gate of {scale.shape[1]} channels."
            )
        fixed = torch.from_numpy(np.asarray(values)).to(scale)
        return fixed.view(1, -1, *(1,) * (scale.ndim - 2)).expand_as(scale)

    return change


def without_strongest(scale: Tensor) -> Tensor:
    """The channel that the gate turns up most, for each image its own, set to 0."""
    return scale.scatter(1, scale.argmax(1, keepdim=True), 0.0)


def each_without(channels: Sequence[int]) -> Change:
    """Image i of the batch loses channel `channels[i]`."""

    def change(scale: Tensor) -> Tensor:
        result = scale.clone()
        result[torch.arange(len(channels)), list(channels)] = 0.0
        return result

    return change


@contextmanager
def changed(network: nn.Module, gate: str, change: Change) -> Iterator[None]:
    """Let `change` have the last word on the gate called `gate` while inside.

    Raises:
        ValueError: if the network has no gate of that name; the message names those it has.
    """
    parts = find(network)
    if gate not in parts:
        known = ", ".join(list(parts)[:4]) or "none"
        raise ValueError(f"There is no gate {gate!r}; this network has {known}.")

    def hook(_: nn.Module, __: object, scale: Tensor) -> Tensor:
        return change(scale)

    handle = parts[gate].excite.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()
