"""The cone of one value: which values of each map below it, down to the pixels, it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.structure.stack import Row, State


@dataclass(frozen=True)
class Level:
    """One map in cross-section. The value at position i lies over pixel `centre` + i·`jump`.

    `made_by` is the row of the stack that made it, None for the input. `seen` are the positions
    that the value at the top depends on, in order; those in the padding are none.
    """

    made_by: Row | None
    size: int
    jump: int
    centre: float
    seen: tuple[int, ...]

    def over(self, position: int) -> float:
        """The pixel, perhaps a half, that the middle of a position's window lies on."""
        return self.centre + position * self.jump


def cone(rows: Sequence[Row], input_size: int, position: int | None = None) -> tuple[Level, ...]:
    """The levels from the value at `position` of the last map down to the input.

    The middle of the map is taken without a position.
    """
    made = [State(input_size, 1), *(row.after for row in rows)]
    top = made[-1].size
    seen = (top // 2 if position is None else position,)
    levels = [_level(rows[-1] if rows else None, made[-1], seen)]
    for number in range(len(rows) - 1, -1, -1):
        seen = _below(rows[number], seen)
        levels.append(_level(rows[number - 1] if number else None, made[number], seen))
    return tuple(levels)


def notice(levels: Sequence[Level]) -> str:
    """Which value the cone is drawn for, and how much of its window lies on the image."""
    top, pixels = levels[0], levels[-1].seen
    window = top.made_by.receptive_field if top.made_by else 1
    said = f"Drawn for value {top.seen[0] + 1} of the {top.size} in a line."
    inside = pixels[-1] - pixels[0] + 1 if pixels else 0
    if inside < window:
        said += f" Of its window's {window:,} pixels {inside:,} lie on the image, the rest outside."
    return said


def _level(made_by: Row | None, state: State, seen: tuple[int, ...]) -> Level:
    centre = state.start + (state.receptive_field - 1) / 2
    return Level(made_by, state.size, state.jump, centre, seen)


def _below(row: Row, seen: tuple[int, ...]) -> tuple[int, ...]:
    layer = row.layer
    touched = {
        place * layer.stride - layer.padding + tap * layer.dilation
        for place in seen
        for tap in range(layer.kernel)
    }
    return tuple(sorted(place for place in touched if 0 <= place < row.before.size))
