"""How receptive fields grow along the depth of a network, branch by branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.amounts import listed
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation

INPUT = "input"


@dataclass(frozen=True)
class Point:
    """An operation that widens windows, or where branches meet.

    `depth` counts convolutions and poolings on the longest way from the input, `size` is the
    longer side of the receptive field in pixels, `inputs` name the points before it. `is_global`:
    a gate lets it know a summary of everything besides.
    """

    name: str
    kind: str
    depth: int
    size: int
    inputs: tuple[str, ...]
    is_global: bool = False


def growth(graph: Graph) -> tuple[Point, ...]:
    """The input and every point after it that still has a window, in order."""
    points = {INPUT: Point(INPUT, INPUT, 0, 1, ())}
    through = {INPUT: INPUT}  # the last point on the way to each operation
    for op in graph.operations:
        feeding = tuple(dict.fromkeys(through[name] for name in op.inputs if name in through))
        field = op.receptive_field
        if not feeding or field is None or not field.is_local:
            continue
        if op.kernel is None and len(feeding) == 1:
            through[op.name] = feeding[0]
            continue
        depth = max(points[name].depth for name in feeding) + (op.kernel is not None)
        points[op.name] = Point(op.name, op.kind, depth, max(field.size), feeding, field.is_global)
        through[op.name] = op.name
    return tuple(points.values())


def layers_with_fields(graph: Graph) -> tuple[Operation, ...]:
    """Operations that a field can be shown of: windows, meetings of branches, what sees all.

    Flattened maps are left out, since their values no longer have places, and so are linear layers
    over channels, which widen nothing.
    """
    return tuple(
        op
        for op in graph.operations
        if op.receptive_field is not None
        and (op.kernel is not None or len(op.inputs) > 1 or _gathers(op))
        and (len(op.output_shape) == 3 or not op.receptive_field.is_local)
    )


def _gathers(op: Operation) -> bool:
    """Whether the whole map is mixed here, or was before and is weighed anew."""
    before, after = op.input_field, op.receptive_field
    if before is None or after is None or after.is_local:
        return False
    return before.is_local or op.kind == "linear"


def last_with_window(graph: Graph) -> Operation | None:
    """The last of them whose values still have a window of their own."""
    local = [op for op in layers_with_fields(graph) if op.receptive_field.is_local]  # pyright: ignore[reportOptionalMemberAccess] (those without are left out)
    return local[-1] if local else None


def notice(points: Sequence[Point], side: int) -> str:
    """From which depth on a window is larger than the image, and where branches differ most."""
    last = max(points, key=lambda point: point.size)
    sentences = [f"The largest window is {last.size:,} pixels wide, at `{last.name}`."]
    wider = next((point for point in points if point.size >= side), None)
    if wider is None:
        sentences.append(f"No value sees all {side} pixels of the image's side.")
    else:
        sentences.append(
            f"From `{wider.name}` on (depth {wider.depth} of {max(p.depth for p in points)}) the "
            f"window, {wider.size:,} pixels, is at least as wide as the image with its {side}."
        )
    return " ".join([*sentences, *_of_branches(points)])


def _of_branches(points: Sequence[Point]) -> list[str]:
    sizes = {point.name: point.size for point in points}
    meetings = [
        (max(seen) - min(seen), point, seen)
        for point in points
        if len(seen := sorted(sizes[name] for name in point.inputs)) > 1
    ]
    if not meetings:
        return []
    spread, point, seen = max(meetings, key=lambda meeting: meeting[0])
    if not spread:
        return []
    return [
        f"Branches differ most where they meet in `{point.name}`: they see "
        f"{listed(f'{size:,}' for size in seen)} pixels, and what is made of them sees "
        f"{point.size:,}."
    ]
