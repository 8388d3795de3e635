"""Kernel, stride, padding and dilation as torch used them, read from its calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.structure.counting import Call
from analysis.structure.operations import Shape


@dataclass(frozen=True)
class Window:
    """A sliding window, one entry a spatial axis."""

    kernel: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    ceil_mode: bool = False


_POOLS = ("max_pool{}d", "max_pool{}d_with_indices", "avg_pool{}d")
_PADS = ("reflection_pad{}d", "replication_pad{}d")
WINDOWED = frozenset({"convolution"} | {name.format(n) for name in _POOLS for n in (1, 2, 3)})
PADDED = frozenset({"constant_pad_nd"} | {name.format(n) for name in _PADS for n in (1, 2, 3)})


def window_of(call: Call) -> Window:
    """The window of a call in WINDOWED."""
    given = call.arguments
    kernel = given["weight"][2:] if call.name == "convolution" else given["kernel_size"]
    axes = len(call.output) - 2
    return Window(
        kernel=_per_axis(kernel, axes),
        stride=_per_axis(given["stride"] or kernel, axes),
        padding=_per_axis(given["padding"], axes),
        dilation=_per_axis(given.get("dilation", 1), axes),
        ceil_mode=bool(given.get("ceil_mode", False)),
    )


def pads_of(call: Call, axes: int) -> tuple[Shape, Shape]:
    """(before, after) of a call in PADDED, for each of the last `axes` axes."""
    listed = call.arguments.get("pad") or call.arguments["padding"]  # from the last axis on
    sides = tuple(listed) + (0,) * (2 * axes - len(listed))
    before = tuple(sides[2 * i] for i in reversed(range(axes)))
    after = tuple(sides[2 * i + 1] for i in reversed(range(axes)))
    return before, after


def fields_of(kind: str, calls: Sequence[Call], axes: int) -> dict[str, Any]:
    """What an Operation says of its window; empty for operations without one.

    Padding that torch applies in a call of its own, as it does for `padding="same"`, is added in.
    """
    if kind.endswith(" norm"):  # torch pools over channels to normalise; that is no window
        return {}
    before, after = (0,) * axes, (0,) * axes
    padded = False
    for call in calls:
        if call.name in PADDED:
            padded = True
            before, after = pads_of(call, axes)
        if call.name in WINDOWED:
            return _window_fields(call, before, after)
    if not padded:
        return {}
    return {"padding": before, "padding_after": after if after != before else None}


def _window_fields(call: Call, before: Shape, after: Shape) -> dict[str, Any]:
    window, axes = window_of(call), len(before)
    padding = tuple(p + b for p, b in zip(window.padding[-axes:], before, strict=True))
    end = tuple(p + a for p, a in zip(window.padding[-axes:], after, strict=True))
    return {
        "kernel": window.kernel[-axes:],
        "stride": window.stride[-axes:],
        "padding": padding,
        "dilation": window.dilation[-axes:],
        "padding_after": end if end != padding else None,
        "ceil_mode": window.ceil_mode,
        "groups": call.arguments.get("groups", 1),
        "bias": call.arguments.get("bias") is not None,
    }


def _per_axis(value: int | Shape, axes: int) -> Shape:
    values = (value,) if isinstance(value, int) else value
    return values * axes if len(values) == 1 else values
