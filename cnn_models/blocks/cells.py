"""Cells that were found by a search: a table of operations, and what runs it.

A cell reads the outputs of the two cells below it. Each of its blocks applies two operations to
two states and adds the results, which is a new state; in the end some states are put side by side.
The papers of NASNet and ENAS draw their cells like this, and differ in the tables.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

from cnn_models.blocks.drop_branch import DropBranch

LAST, BEFORE = 0, 1  # h[i] and h[i-1], the outputs of the two cells below; blocks count from 2


class Plan(NamedTuple):
    """A cell as a table: operation and state, operation and state of each block.

    `output` names the states that are put side by side. Operations on LAST and BEFORE take the
    stride.
    """

    stride: int
    blocks: tuple[tuple[str, int, str, int], ...]
    output: tuple[int, ...]


class SamePadding(nn.Module):
    """What windows of stride 2 need around a map to give ⌈H/2⌉ × ⌈W/2⌉ values.

    As TensorFlow places them, the last window is centred on the last pixel, so that an even side
    gets one value less in front.
    """

    def __init__(self, kernel: int, value: float = 0.0) -> None:
        super().__init__()
        self.reach, self.value = kernel // 2, value

    def forward(self, x: Tensor) -> Tensor:
        top = self.reach - 1 + x.shape[-2] % 2
        left = self.reach - 1 + x.shape[-1] % 2
        return F.pad(x, (left, self.reach, top, self.reach), value=self.value)


def separable(kernel: int, inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """Make ReLU, depthwise convolution, 1×1 convolution and batch norm, all of it twice."""
    layers = OrderedDict[str, nn.Module]()
    for number, (width, step) in enumerate(((inputs, stride), (outputs, 1)), start=1):
        padding = kernel // 2 if step == 1 else 0
        layers[f"relu{number}"] = nn.ReLU()
        if step == 2:
            layers["pad"] = SamePadding(kernel)
        layers[f"depthwise{number}"] = nn.Conv2d(
            width, width, kernel, step, padding, groups=width, bias=False
        )
        layers[f"pointwise{number}"] = nn.Conv2d(width, outputs, 1, bias=False)
        layers[f"bn{number}"] = nn.BatchNorm2d(outputs)
    return nn.Sequential(layers)


def average(_inputs: int, _outputs: int, stride: int) -> nn.Module:
    """Make a 3×3 average pooling; that of stride 2 counts the zeros around the map."""
    if stride == 1:
        return nn.AvgPool2d(3, 1, padding=1, count_include_pad=False)
    return nn.Sequential(OrderedDict(pad=SamePadding(3), pool=nn.AvgPool2d(3, 2)))


def maximum(_inputs: int, _outputs: int, stride: int) -> nn.Module:
    """Make a 3×3 max pooling."""
    if stride == 1:
        return nn.MaxPool2d(3, 1, padding=1)
    return nn.Sequential(OrderedDict(pad=SamePadding(3, -inf), pool=nn.MaxPool2d(3, 2)))


class FactorisedReduction(nn.Module):
    """(N, inputs, H, W) to (N, outputs, ⌈H/2⌉, ⌈W/2⌉): two 1×1 convolutions, one pixel apart."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.pool1 = nn.AvgPool2d(1, stride=2)  # a mean over one pixel: every second one
        self.conv1 = nn.Conv2d(inputs, outputs // 2, 1, bias=False)
        self.shift = nn.ZeroPad2d((-1, 1, -1, 1))  # one pixel off in front, a zero behind
        self.pool2 = nn.AvgPool2d(1, stride=2)
        self.conv2 = nn.Conv2d(inputs, outputs - outputs // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        shifted = self.pool2(self.shift(x))
        return torch.cat((self.conv1(self.pool1(x)), self.conv2(shifted)), dim=1)


def identity(inputs: int, outputs: int, stride: int) -> nn.Module:
    """Make nothing, or a factorised reduction and its batch norm where the map is halved."""
    if stride == 1:
        return nn.Identity()
    layers = {"halve": FactorisedReduction(inputs, outputs), "bn": nn.BatchNorm2d(outputs)}
    return nn.Sequential(OrderedDict[str, nn.Module](layers))


Operation = Callable[[int, int, int], nn.Module]  # input channels, output channels, stride
OPERATIONS: Mapping[str, Operation] = {
    "identity": identity,
    "sep 3×3": partial(separable, 3),
    "sep 5×5": partial(separable, 5),
    "sep 7×7": partial(separable, 7),
    "avg 3×3": average,
    "max 3×3": maximum,
}


def projection(inputs: int, outputs: int, halve: bool = False) -> nn.Sequential:
    """Make what fits the output of an earlier cell to this one: ReLU, 1×1 convolution, norm."""
    layers = OrderedDict[str, nn.Module](relu=nn.ReLU())
    if halve:
        layers["halve"] = FactorisedReduction(inputs, outputs)
    else:
        layers["conv"] = nn.Conv2d(inputs, outputs, 1, bias=False)
    layers["bn"] = nn.BatchNorm2d(outputs)
    return nn.Sequential(layers)


class Block(nn.Module):
    """Two operations whose results are added; in training either may be dropped for an image."""

    def __init__(self, left: nn.Module, right: nn.Module) -> None:
        super().__init__()
        self.left = left
        self.right = right
        self.drop = DropBranch(survival=1)

    def path(self, operation: nn.Module, x: Tensor) -> Tensor:
        return x if isinstance(operation, nn.Identity) else self.drop(operation(x))

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return self.path(self.left, a) + self.path(self.right, b)


class Cell(nn.Module):
    """Runs a plan: h[i] and h[i-1] to (N, len(plan.output) · channels, ⌈H/stride⌉, ⌈W/stride⌉).

    `fit_last` and `fit_before` bring the two inputs to `channels` channels and to one size;
    `raw` is the number of channels of h[i-1] where it stays as it is.
    """

    def __init__(
        self,
        plan: Plan,
        channels: int,
        fit_last: nn.Module,
        fit_before: nn.Module,
        raw: int | None = None,
    ) -> None:
        super().__init__()
        self.plan = plan
        self.outputs = len(plan.output) * channels
        self.fit_last = fit_last
        self.fit_before = fit_before

        def make(name: str, state: int) -> nn.Module:
            inputs = raw if raw and state == BEFORE else channels
            stride = plan.stride if state in (LAST, BEFORE) else 1
            return OPERATIONS[name](inputs, channels, stride)

        self.blocks = nn.ModuleList(
            Block(make(left, a), make(right, b)) for left, a, right, b in plan.blocks
        )

    def forward(self, last: Tensor, before: Tensor) -> Tensor:
        states = [self.fit_last(last), self.fit_before(before)]
        for block, (_, a, _, b) in zip(self.blocks, self.plan.blocks, strict=True):
            states.append(block(states[a], states[b]))
        return torch.cat([states[i] for i in self.plan.output], dim=1)
