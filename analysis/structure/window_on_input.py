"""Which pixels one place of a map looks at: its window as it is, and what of it is on the image."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from analysis.structure.operations import Operation, Shape
from analysis.structure.refusals import shape_text


@dataclass(frozen=True)
class Window:
    """Rows and columns from `first` up to, without it, `end`; pixels of the input, per axis.

    They may lie outside of the image, whose sides are `image`.
    """

    first: Shape
    end: Shape
    image: Shape

    @property
    def size(self) -> Shape:
        return tuple(e - f for f, e in zip(self.first, self.end, strict=True))

    @property
    def clipped(self) -> Window:
        """The part on the image."""
        sides = zip(self.first, self.end, self.image, strict=True)
        cut = [(min(max(0, f), n), max(0, min(n, e))) for f, e, n in sides]
        return Window(tuple(f for f, _ in cut), tuple(e for _, e in cut), self.image)

    @property
    def surroundings(self) -> Window:
        """The part on the image with a quarter of its sides, at least two pixels, around it."""
        inside = self.clipped
        free = [max(2, side // 4) for side in inside.size]
        first = tuple(f - n for f, n in zip(inside.first, free, strict=True))
        end = tuple(e + n for e, n in zip(inside.end, free, strict=True))
        return Window(first, end, self.image).clipped

    @property
    def area(self) -> int:
        return prod(self.size)

    @property
    def is_clipped(self) -> bool:
        return self != self.clipped


def window_at(op: Operation, place: Shape, image: Shape) -> Window:
    """The window of the value at `place` (row, column) of an operation's map.

    After global pooling and the like no value has a window of its own: it is the whole image.
    So it is for an operation whose receptive field no rule knows.
    """
    field = op.receptive_field
    if field is None or not field.is_local:
        return Window((0,) * len(image), image, image)
    first = tuple(
        at * step - pad for at, step, pad in zip(place, field.stride, field.padding, strict=True)
    )
    return Window(first, tuple(f + size for f, size in zip(first, field.size, strict=True)), image)


def map_of(op: Operation) -> Shape:
    """Height and width of the map; (1, 1) for what has no places."""
    return op.output_shape[1:] if len(op.output_shape) == 3 else (1, 1)


def described(op: Operation, place: Shape, window: Window) -> str:
    """What the place sees, in sentences with the numbers."""
    field = op.receptive_field
    if field is None or not field.is_local:
        return f"Every value of `{op.name}` sees the whole image: the map before it is mixed whole."
    rows, columns = map_of(op)
    sentence = (
        f"The value of `{op.name}` in row {place[0] + 1} of {rows} and column {place[1] + 1} of "
        f"{columns} sees {shape_text(window.size)} pixels."
    )
    inside = window.clipped
    if window.is_clipped:
        sentence += (
            f" {shape_text(inside.size)} of them lie on the image, "
            f"{inside.area / prod(window.image):.0%} of it; the rest is padding."
        )
    else:
        sentence += f" All lie on the image, {inside.area / prod(window.image):.0%} of it."
    if field.is_global:
        sentence += " Behind a gate it sees everything besides: a summary of the whole image."
    return sentence


def facts(op: Operation, window: Window) -> dict[str, str]:
    """What to know of an operation's windows, each with its label."""
    field = op.receptive_field
    if field is None or not field.is_local:
        return {"Receptive field": "everything"}
    inside = window.clipped
    return {
        "Receptive field": f"{shape_text(field.size)} px",
        "On the image": f"{shape_text(inside.size)} px",
        "Share of the image": f"{inside.area / prod(window.image):.0%}",
        "Step to the neighbour": f"{shape_text(field.stride)} px",
        "Map": shape_text(map_of(op)),
    }
