"""Receptive fields by arithmetic: how a window on the input grows through each operation.

The recurrence is that of Araujo, Norris and Sim (Distill, 2019): with kernel k, stride s,
padding p and dilation d, size ← size + (k - 1)·d·jump, start ← start - p·jump, jump ← jump·s.
The rules read the ATen calls that torch ran, so `padding="same"`, F.pad, slices with a step and
functional pooling need no cases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from analysis.structure.counting import Call
from analysis.structure.geometry import PADDED, WINDOWED, Window, pads_of, window_of
from analysis.structure.operations import ReceptiveField, Shape


@dataclass(frozen=True)
class Span:
    """One spatial axis of a map, in input pixels.

    The value at position i sees the pixels from `start + i·jump` on, `size` of them. `dim` is
    where the axis lies in the tensor, counted from the end (-1 is the last), None when it was
    flattened away. `whole`: every value sees all positions of the map.
    """

    extent: int
    dim: int | None
    size: int = 1
    jump: int = 1
    start: int = 0
    whole: bool = False

    def widened(self, kernel: int, stride: int, padding: int, dilation: int) -> Span:
        if self.whole:
            return self
        return replace(
            self,
            size=self.size + (kernel - 1) * dilation * self.jump,
            start=self.start - padding * self.jump,
            jump=self.jump * stride,
        )

    def gathered(self) -> Span:
        if self.whole:
            return self
        return replace(self, size=self.size + (self.extent - 1) * self.jump, whole=True)


@dataclass(frozen=True)
class Field:
    """The spans of a tensor's spatial axes; `is_global` stays once the whole map was mixed in."""

    spans: tuple[Span, ...]
    is_global: bool = False

    @property
    def is_local(self) -> bool:
        return not all(span.whole for span in self.spans)

    def public(self) -> ReceptiveField:
        return ReceptiveField(
            size=tuple(span.size for span in self.spans),
            stride=tuple(span.jump for span in self.spans),
            padding=tuple(-span.start for span in self.spans),
            is_global=self.is_global,
            is_local=self.is_local,
        )


Rule = Callable[[Field, Call, Shape], "Field | None"]


def of_input(shape: Shape) -> Field | None:
    """The field of the network's input of shape (C, *spatial); None for a plain vector."""
    spatial = shape[1:]
    if not spatial:
        return None
    return Field(tuple(Span(n, i - len(spatial)) for i, n in enumerate(spatial)))


def hull(fields: Sequence[Field]) -> Field:
    """The smallest window that holds all. Global inputs beside local ones only set the flag."""
    is_global = any(field.is_global for field in fields)
    local = [field for field in fields if field.is_local] or list(fields)
    axes = zip(*(field.spans for field in local), strict=True)
    return Field(tuple(_hull_of_axis(spans) for spans in axes), is_global)


def _hull_of_axis(spans: tuple[Span, ...]) -> Span:
    start = min(span.start for span in spans)
    end = max(span.start + span.size for span in spans)
    dims = {span.dim for span in spans}
    return Span(
        extent=max(span.extent for span in spans),
        dim=dims.pop() if len(dims) == 1 else None,
        size=end - start,
        jump=max(span.jump for span in spans),
        start=start,
        whole=all(span.whole for span in spans),
    )


def through(kind: str, field: Field, calls: Sequence[Call], output: Shape) -> Field | None:
    """The field after an operation that ran `calls` and made a tensor of shape `output`.

    Normalisation is taken value by value, as is usual, though a batch's or a group's statistics
    come from everywhere.
    """
    if kind == "linear":
        return _settled(_gather(field, lambda span: span.dim in (None, -1)), output)
    if kind.endswith(" norm"):
        return _settled(field, output)
    after: Field | None = field
    for call in calls:
        after = None if after is None else _advance(after, call)
    return after


def _advance(field: Field, call: Call) -> Field | None:
    """The field after one ATen call; None where no rule says what a value sees."""
    shape = call.arguments.get("self") or call.arguments.get("input")
    if not isinstance(shape, tuple):  # made from no tensor, or from a list of them
        return _settled(field, call.output) if call.name in ("cat", "stack") else field
    after = RULES.get(call.name, _elementwise)(field, call, shape)
    return None if after is None else _settled(after, call.output)


def _settled(field: Field, output: Shape) -> Field:
    """Extents read off the tensor that came out; global when nothing local is left."""
    spans = tuple(_read_off(span, output) for span in field.spans)
    return Field(spans, field.is_global or not field.is_local)


def _read_off(span: Span, output: Shape) -> Span:
    if span.dim is None or -span.dim > len(output):
        return replace(span, dim=None)
    return replace(span, extent=output[span.dim])


def _gather(field: Field, which: Callable[[Span], bool]) -> Field:
    return _each(field, lambda span: span.gathered() if which(span) else span)


def _everything(field: Field, call: Call, shape: Shape) -> Field:  # noqa: ARG001 (a Rule)
    return _gather(field, lambda _: True)


def _unknown(field: Field, call: Call, shape: Shape) -> None:  # noqa: ARG001 (a Rule)
    return None


def _elementwise(field: Field, call: Call, shape: Shape) -> Field | None:
    """Anything else that leaves the spatial axes as long as they were works value by value."""
    for span in field.spans:
        if span.dim is None or span.whole or -span.dim > len(shape):
            continue
        if shape[span.dim] not in (1, call.output[span.dim]):  # 1 is broadcast
            return None
    return field


def _window(field: Field, call: Call, shape: Shape) -> Field | None:
    """Convolution and pooling: a window slides over the last axes."""
    if call.arguments.get("transposed"):
        return None
    if any(span.dim is None and not span.whole for span in field.spans):
        return None
    window = window_of(call)
    if "pool" in call.name and _covers(window, shape, call.output):
        return _everything(field, call, shape)
    return _each(field, lambda span: _slid(span, window))


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


def _adaptive(field: Field, call: Call, shape: Shape) -> Field:
    """Adaptive pooling: bin i of o goes from ⌊i·n/o⌋ to ⌈(i+1)·n/o⌉.

    Where o does not divide n the widest bin is taken and the stride is rounded down.
    """
    axes = len(call.arguments["output_size"])
    if set(call.output[-axes:]) == {1}:
        return _everything(field, call, shape)
    return _each(field, lambda span: _binned(span, axes, shape, call.output))


def _binned(span: Span, axes: int, shape: Shape, output: Shape) -> Span:
    if span.dim is None or -span.dim > axes:
        return span
    n, o = shape[span.dim], output[span.dim]
    widest = max(ceil((i + 1) * n / o) - i * n // o for i in range(o))
    return span.widened(widest, max(1, n // o), 0, 1)


def _reduce(field: Field, call: Call, shape: Shape) -> Field:
    """mean, sum, max … over some axes; max of two maps goes value by value."""
    if "other" in call.arguments:
        return field
    ndim = len(shape)
    dims = call.arguments.get("dim")
    if dims is None or dims == ():
        return _detached(_everything(field, call, shape))
    gone = {d % ndim - ndim for d in ((dims,) if isinstance(dims, int) else dims)}
    gathered = _gather(field, lambda span: span.dim in gone)
    if len(call.output) == ndim:
        return gathered
    kept = [i for i in range(ndim) if i - ndim not in gone]
    return _moved(gathered, kept, ndim)


def _softmax(field: Field, call: Call, shape: Shape) -> Field:
    dim = call.arguments["dim"] % len(shape) - len(shape)
    return _gather(field, lambda span: span.dim == dim)


def _pad(field: Field, call: Call, shape: Shape) -> Field:
    before, _ = pads_of(call, len(shape))
    return _shifted(field, before)


def _slice(field: Field, call: Call, shape: Shape) -> Field:
    given = call.arguments
    dim = given["dim"] % len(shape) - len(shape)
    first, _, step = slice(given["start"], given["end"], given["step"]).indices(shape[dim])
    return _each(field, lambda s: s.widened(1, step, -first, 1) if s.dim == dim else s)


def _shifted(field: Field, before: Shape) -> Field:
    return _each(field, lambda s: s if s.dim is None else s.widened(1, 1, before[s.dim], 1))


def _permute(field: Field, call: Call, shape: Shape) -> Field:
    return _moved(field, [d % len(shape) for d in call.arguments["dims"]], len(shape))


def _transpose(field: Field, call: Call, shape: Shape) -> Field:
    order = list(range(len(shape)))
    a, b = call.arguments["dim0"], call.arguments["dim1"]
    order[a], order[b] = order[b], order[a]
    return _moved(field, order, len(shape))


def _unsqueeze(field: Field, call: Call, shape: Shape) -> Field:
    order: list[int | None] = list(range(len(shape)))
    order.insert(call.arguments["dim"] % (len(shape) + 1), None)
    return _moved(field, order, len(shape))


def _squeeze(field: Field, call: Call, shape: Shape) -> Field:
    dims = call.arguments.get("dim", tuple(range(len(shape))))
    chosen = {d % len(shape) for d in ((dims,) if isinstance(dims, int) else dims)}
    kept = [i for i in range(len(shape)) if not (i in chosen and shape[i] == 1)]
    return _moved(field, kept, len(shape))


def _select(field: Field, call: Call, shape: Shape) -> Field:
    """x[..., i]: one position of an axis; the axis is gone."""
    gone = call.arguments["dim"] % len(shape)
    first = call.arguments["index"] % shape[gone]
    here = gone - len(shape)
    picked = _each(
        field,
        lambda s: replace(s.widened(1, 1, -first, 1), extent=1) if s.dim == here else s,
    )
    return _moved(picked, [i for i in range(len(shape)) if i != gone], len(shape))


def _index(field: Field, call: Call, shape: Shape) -> Field | None:
    """x[:, [0, 2, 5]]: picking channels by a list leaves the map alone; picking pixels does not."""
    indices = call.arguments["indices"]
    picked = [i - len(shape) for i, index in enumerate(indices) if index is not None]
    spatial = {span.dim for span in field.spans}
    in_place = len(picked) == 1 and picked[0] not in spatial and len(call.output) == len(shape)
    return field if in_place else None


def _reshape(field: Field, call: Call, shape: Shape) -> Field:
    """A reshape that leaves the last axes alone keeps the map; any other flattens it."""
    dims = [span.dim for span in field.spans if span.dim is not None]
    axes = -min(dims, default=0)
    output = call.output
    kept = axes < len(output) and tuple(output[-axes:]) == tuple(shape[-axes:])
    return field if kept else _detached(field)


def _moved(field: Field, order: Sequence[int | None], ndim: int) -> Field:
    """`order[j]` is the old position of the axis that is now at j."""
    place = {old - ndim: new - len(order) for new, old in enumerate(order) if old is not None}
    return _each(field, lambda s: replace(s, dim=None if s.dim is None else place.get(s.dim)))


def _detached(field: Field) -> Field:
    return _each(field, lambda span: replace(span, dim=None))


def _each(field: Field, change: Callable[[Span], Span]) -> Field:
    return Field(tuple(change(span) for span in field.spans), field.is_global)


_REDUCTIONS = "mean sum amax amin max min logsumexp var std linalg_vector_norm argmax"
_ADAPTIVE = (
    "adaptive_avg_pool1d _adaptive_avg_pool2d _adaptive_avg_pool3d "
    "adaptive_max_pool2d adaptive_max_pool3d"
)
_PRODUCTS = (
    "mm addmm bmm baddbmm dot mv _scaled_dot_product_attention_math "
    "_scaled_dot_product_flash_attention _scaled_dot_product_efficient_attention"
)
_GROUPS: dict[Rule, Iterable[str]] = {
    _window: WINDOWED,
    _pad: PADDED,
    _adaptive: _ADAPTIVE.split(),
    _reduce: _REDUCTIONS.split(),
    _everything: _PRODUCTS.split(),
    _softmax: ("_softmax", "_log_softmax"),
    _slice: ("slice",),
    _permute: ("permute",),
    _transpose: ("transpose",),
    _unsqueeze: ("unsqueeze",),
    _squeeze: ("squeeze",),
    _select: ("select",),
    _index: ("index",),
    _reshape: ("view", "_unsafe_view", "_reshape_alias"),
    _unknown: ("copy_", "grid_sampler_2d", "roll", "flip"),
}
RULES = {name: rule for rule, names in _GROUPS.items() for name in names}
