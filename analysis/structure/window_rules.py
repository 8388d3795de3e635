"""Rules for what slides, cuts or pads: convolution, pooling, slices."""

from __future__ import annotations

from math import ceil

from analysis.structure.counting import Call
from analysis.structure.fields import Field, Span, each, everything
from analysis.structure.geometry import Window, pads_of, window_of
from analysis.structure.operations import Shape


def window(field: Field, call: Call, shape: Shape) -> Field | None:
    """Convolution and pooling: a window slides over the last axes."""
    if call.arguments.get("transposed"):
        return None
    if any(span.dim is None and not span.whole for span in field.spans):
        return None
    window = window_of(call)
    if "pool" in call.name and _covers(window, shape, call.output):
        return everything(field)
    return each(field, lambda span: _slid(span, window))


def _slid(span: Span, window: Window) -> Span:
    i = span.dim
    if i is None or -i > len(window.kernel):
        return span
    return span.widened(window.kernel[i], window.stride[i], window.padding[i], window.dilation[i])


def _covers(window: Window, shape: Shape, output: Shape) -> bool:
    """Whether one window takes in the whole map."""
    axes = len(window.kernel)
    reach = ((k - 1) * d + 1 for k, d in zip(window.kernel, window.dilation, strict=True))
    return set(output[-axes:]) == {1} and all(
        r >= n for r, n in zip(reach, shape[-axes:], strict=True)
    )


def adaptive(field: Field, call: Call, shape: Shape) -> Field:
    """Adaptive pooling: bin i of o goes from ⌊i·n/o⌋ to ⌈(i+1)·n/o⌉.

    Where o does not divide n the widest bin is taken and the stride is rounded down.
    """
    axes = len(call.arguments["output_size"])
    if set(call.output[-axes:]) == {1}:
        return everything(field)
    return each(field, lambda span: _binned(span, axes, shape, call.output))


def _binned(span: Span, axes: int, shape: Shape, output: Shape) -> Span:
    if span.dim is None or -span.dim > axes:
        return span
    n, o = shape[span.dim], output[span.dim]
    widest = max(ceil((i + 1) * n / o) - i * n // o for i in range(o))
    return span.widened(widest, max(1, n // o), 0, 1)


def pad(field: Field, call: Call, shape: Shape) -> Field:
    """Zeros or copies before the first position; those after the last change no window."""
    before, _ = pads_of(call, len(shape))
    return _shifted(field, before)


def cut(field: Field, call: Call, shape: Shape) -> Field:
    """x[..., start:end:step]: fewer positions, perhaps further apart."""
    given = call.arguments
    dim = given["dim"] % len(shape) - len(shape)
    first, _, step = slice(given["start"], given["end"], given["step"]).indices(shape[dim])
    return each(field, lambda s: s.widened(1, step, -first, 1) if s.dim == dim else s)


def _shifted(field: Field, before: Shape) -> Field:
    return each(field, lambda s: s if s.dim is None else s.widened(1, 1, before[s.dim], 1))
