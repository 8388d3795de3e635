"""Chains of convolutions side by side, which the Inception networks since v3 are made of.

A convolution is written as in the figures of their papers: (96, 3) has 96 channels and 3×3
windows, (96, (1, 7)) windows of 1 row and 7 columns. It keeps height and width; those marked "V"
have no padding, and those marked "2V" a stride of 2 as well.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal

import torch
from torch import Tensor, nn

Kernel = int | tuple[int, int]
Mark = Literal["V", "2V"]
Layer = tuple[int, Kernel] | tuple[int, Kernel, Mark]


def conv_unit(inputs: int, outputs: int, kernel: Kernel, mark: Mark | None = None) -> nn.Sequential:
    """A convolution with batch norm and ReLU: (N, inputs, H, W) to (N, outputs, H', W')."""
    rows, columns = (kernel, kernel) if isinstance(kernel, int) else kernel
    conv = nn.Conv2d(
        inputs,
        outputs,
        (rows, columns),
        stride=2 if mark == "2V" else 1,
        padding=0 if mark else (rows // 2, columns // 2),
        bias=False,
    )
    norm = nn.BatchNorm2d(outputs, eps=1e-3)
    return nn.Sequential(OrderedDict[str, nn.Module](conv=conv, bn=norm, relu=nn.ReLU()))


def chain(inputs: int, *layers: Layer) -> nn.Sequential:
    """Convolutions one after the other."""
    units = nn.Sequential()
    for outputs, kernel, *mark in layers:
        units.append(conv_unit(inputs, outputs, kernel, *mark))
        inputs = outputs
    return units


class SideBySide(nn.Module):
    """Branches that read the same maps: (N, C, H, W) to (N, sum of all branches, H', W')."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        for number, branch in enumerate(branches, start=1):
            self.add_module(f"branch{number}", branch)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.children()], dim=1)
