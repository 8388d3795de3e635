"""A stack of layers by arithmetic alone: sizes, jumps and receptive fields, row by row.

The recurrence is that of Araujo, Norris and Sim (Distill, 2019). Maps, kernels and windows are
square, so one number stands for both sides. Nothing here needs torch.

>>> [row.receptive_field for row in recurrence([Layer(CONVOLUTION, 3)] * 3, 224)]
[3, 5, 7]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.structure.sliding import (
    AVERAGE_POOLING,
    CONVOLUTION,
    KINDS,
    MAX_POOLING,
    Layer,
    State,
    step,
)
from analysis.structure.stack_rules import Impossible, check, own_rule

__all__ = [
    "AVERAGE_POOLING",
    "CONVOLUTION",
    "KINDS",
    "MAX_POOLING",
    "Impossible",
    "Layer",
    "Repeated",
    "Row",
    "State",
    "as_far_as_possible",
    "equal_kernel",
    "recurrence",
]


@dataclass(frozen=True)
class Row:
    """One layer of a stack with the map that it is given and the one that it makes."""

    layer: Layer
    before: State
    after: State

    @property
    def output_size(self) -> int:
        return self.after.size

    @property
    def jump(self) -> int:
        return self.after.jump

    @property
    def receptive_field(self) -> int:
        return self.after.receptive_field

    @property
    def start(self) -> int:
        return self.after.start

    @property
    def params(self) -> int:
        """Weights, without biases; pooling has none."""
        if self.layer.kind != CONVOLUTION:
            return 0
        inputs = self.before.channels // self.layer.groups
        return self.after.channels * inputs * self.layer.kernel**2

    @property
    def macs(self) -> int:
        """Multiply-adds for one image."""
        return self.params * self.after.size**2


def recurrence(layers: Sequence[Layer], input_size: int, channels: int = 1) -> tuple[Row, ...]:
    """One row a layer, for an input of `input_size` × `input_size` pixels.

    Raises:
        Impossible: at the first layer that breaks a rule.
    """
    rows: list[Row] = []
    state = State(input_size, channels)
    for position, layer in enumerate(layers, start=1):
        check(layer, state, position)
        rows.append(Row(layer, state, step(layer, state)))
        state = rows[-1].after
    return tuple(rows)


def as_far_as_possible(
    layers: Sequence[Layer], input_size: int, channels: int = 1
) -> tuple[tuple[Row, ...], tuple[Impossible, ...]]:
    """The rows before the first impossible layer, and every rule that is broken.

    Layers behind the first impossible one are held only against the rules that need no map.
    """
    rows: list[Row] = []
    refused: list[Impossible] = []
    state = State(input_size, channels)
    for position, layer in enumerate(layers, start=1):
        if refused:
            rule = own_rule(layer)
            refused += [Impossible(position, rule)] if rule else []
            continue
        try:
            check(layer, state, position)
        except Impossible as refusal:
            refused.append(refusal)
            continue
        rows.append(Row(layer, state, step(layer, state)))
        state = rows[-1].after
    return tuple(rows), tuple(refused)


@dataclass(frozen=True)
class Repeated:
    """`count` layers of kernel × kernel, stride 1, with C channels in and out of each, no biases.

    Padding is "same", so that every map keeps its height and width.
    """

    count: int
    kernel: int

    @property
    def receptive_field(self) -> int:
        """n(k − 1) + 1 pixels."""
        return self.count * (self.kernel - 1) + 1

    @property
    def coefficient(self) -> int:
        """What stands before C² in the number of parameters: n × k²."""
        return self.count * self.kernel**2

    @property
    def non_linearities(self) -> int:
        """One behind each layer."""
        return self.count

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers themselves; an even kernel pads one pixel more behind than in front."""
        half = (self.kernel - 1) // 2
        after = None if self.kernel % 2 else half + 1
        return (Layer(CONVOLUTION, self.kernel, padding=half, padding_after=after),) * self.count

    def params(self, channels: int) -> int:
        """Weights: n × k² × C²."""
        return self.coefficient * channels**2

    def macs(self, channels: int, height: int, width: int) -> int:
        """Multiply-adds: n × k² × C² × H × W."""
        return self.params(channels) * height * width


def equal_kernel(stack: Repeated) -> Repeated:
    """The one layer that sees as much as the whole stack."""
    return Repeated(1, stack.receptive_field)
