"""Windows on the input, one for each spatial axis of a map, and how they change.

The recurrence is that of Araujo, Norris and Sim (Distill, 2019): with kernel k, stride s,
padding p and dilation d, size ← size + (k - 1)·d·jump, start ← start - p·jump, jump ← jump·s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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


def gather(field: Field, which: Callable[[Span], bool]) -> Field:
    """Along the chosen axes every value sees the whole map."""
    return each(field, lambda span: span.gathered() if which(span) else span)


def everything(field: Field) -> Field:
    """Every value sees the whole map."""
    return gather(field, lambda _: True)


def each(field: Field, change: Callable[[Span], Span]) -> Field:
    """The same change along every axis."""
    return Field(tuple(change(span) for span in field.spans), field.is_global)


def settled(field: Field, output: Shape) -> Field:
    """Extents read off the tensor that came out; global when nothing local is left."""
    spans = tuple(_read_off(span, output) for span in field.spans)
    return Field(spans, field.is_global or not field.is_local)


def _read_off(span: Span, output: Shape) -> Span:
    if span.dim is None or -span.dim > len(output):
        return replace(span, dim=None)
    return replace(span, extent=output[span.dim])


def moved(field: Field, order: Sequence[int | None], ndim: int) -> Field:
    """`order[j]` is the old position of the axis that is now at j."""
    place = {old - ndim: new - len(order) for new, old in enumerate(order) if old is not None}
    return each(field, lambda s: replace(s, dim=None if s.dim is None else place.get(s.dim)))


def detached(field: Field) -> Field:
    """The axes are flattened into others; each value still sees its window."""
    return each(field, lambda span: replace(span, dim=None))
