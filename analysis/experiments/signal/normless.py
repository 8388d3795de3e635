"""A network without its batch normalisation, of which only the shift is left."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Shift(nn.Module):
    """The bias of a convolution that no normalisation follows: (N, C, H, W) to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias.view(-1, 1, 1)


def normalised(model: nn.Module, norm: bool) -> nn.Module:
    """The network as it is, or with a plain bias in the place of each normalisation, in place.

    Raises:
        ValueError: if `norm` is neither true nor false.
    """
    if not isinstance(norm, bool):
        raise ValueError(f"norm is {norm!r}; it is true or false.")
    if norm:
        return model
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(module, name, Shift(child.num_features))
    return model
