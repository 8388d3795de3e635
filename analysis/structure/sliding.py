"""A window that slides over a square map, and what it does to what a value sees."""

from __future__ import annotations

from dataclasses import dataclass

CONVOLUTION = "convolution"
MAX_POOLING = "max pooling"
AVERAGE_POOLING = "average pooling"
KINDS = (CONVOLUTION, MAX_POOLING, AVERAGE_POOLING)


@dataclass(frozen=True)
class Layer:
    """A window that slides over a map.

    `padding` is what is added on each side, or in front only where `padding_after` is given;
    negative padding cuts off. `channels` are those that come out: None means as many as go in,
    and pooling cannot change them.
    """

    kind: str
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    padding_after: int | None = None
    channels: int | None = None
    groups: int = 1

    @property
    def after(self) -> int:
        """Padding behind the map."""
        return self.padding if self.padding_after is None else self.padding_after

    @property
    def reach(self) -> int:
        """Side of the window with the gaps that dilation leaves: D(K − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1


@dataclass(frozen=True)
class State:
    """A map: its side in values, its channels, and what one of its values sees of the input.

    `jump` is the step from one value's window to the next, `receptive_field` the side of a window,
    `start` the first pixel of the first window (negative: it lies in the padding), all in pixels.
    """

    size: int
    channels: int
    jump: int = 1
    receptive_field: int = 1
    start: int = 0


def step(layer: Layer, before: State) -> State:
    """The map after one layer. The layer is taken as possible; `stack_rules` says whether it is."""
    padded = before.size + layer.padding + layer.after
    return State(
        size=(padded - layer.reach) // layer.stride + 1,
        channels=before.channels if layer.channels is None else layer.channels,
        jump=before.jump * layer.stride,
        receptive_field=before.receptive_field + (layer.reach - 1) * before.jump,
        start=before.start - layer.padding * before.jump,
    )
