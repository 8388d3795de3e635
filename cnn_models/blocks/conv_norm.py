"""A convolution with its batch norm and its activation, as networks after 2017 are made of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from torch import nn


def conv_norm(
    inputs: int,
    outputs: int,
    kernel: int = 1,
    stride: int = 1,
    *,
    groups: int = 1,
    norm: Callable[[int], nn.Module] = nn.BatchNorm2d,
    activation: Callable[[], nn.Module] | None = None,
) -> nn.Sequential:
    """Layers conv, bn and act: (N, inputs, H, W) to (N, outputs, ⌈H/stride⌉, ⌈W/stride⌉).

    `kernel` is odd. Without an activation the sequence ends in its batch norm.
    """
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    layers = OrderedDict[str, nn.Module](conv=conv, bn=norm(outputs))
    if activation is not None:
        layers["act"] = activation()
    return nn.Sequential(layers)
