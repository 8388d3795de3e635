"""Names beside the points of a chart, so that no name covers another.

The width of a chart is not known before a browser draws it, so a name is placed only where it fits
at every width from a phone to a projector; those that fit nowhere are left to the pointer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

# Pixels between the axes, from a phone to a projector; a phone's legend leaves less height.
PLOTS = ((250, 360), (420, 380), (640, 430), (860, 440), (1100, 440))
_LETTER, _LINE = 7.8, 18  # pixels at the size of the labels
_MOST_COVERED = 0.25  # of a name
_CLEAR = 1.5  # times as far from every other point as from its own
# Where Plotly can put a text: steps to the right and up, the nearest to the eye first.
_SIDES = {
    "top center": (0, 1),
    "top left": (-1, 1),
    "middle right": (1, 0),
    "bottom center": (0, -1),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Spot:
    """A point of the chart, and its name; an empty name asks for no label.

    `x` and `y` are shares of the plot from the left and from the bottom, the radius is in pixels.
    A `wanted` name may cover other points, if it has to.
    """

    x: float
    y: float
    radius: float
    name: str = ""
    wanted: bool = False


@dataclass(frozen=True)
class Label:
    """Which spot has its name, and on which side of it, in Plotly's words."""

    place: int
    side: str


def placed(spots: Sequence[Spot], most: int) -> list[Label]:
    """At most `most` labels for the spots, which come in order of their importance.

    Of the sides of a point the one is taken that covers least of the other points. A name is left
    out if it would cross another name or the border in any of `PLOTS`, or cover too much.
    """
    taken: list[tuple[Spot, str]] = []
    labels: list[Label] = []
    for place, spot in enumerate(spots):
        if len(labels) == most:
            break
        free = [side for side in _SIDES if spot.name and _is_free(spot, side, taken)]
        free = [side for side in free if spot.wanted or _is_clear(spot, side, spots)]
        covered = {side: _covered(spot, side, spots) for side in free}
        best = min(free, key=covered.__getitem__, default=None)
        if best is not None and (spot.wanted or covered[best] <= _MOST_COVERED):
            taken.append((spot, best))
            labels.append(Label(place, best))
    return labels


def _is_free(spot: Spot, side: str, taken: Sequence[tuple[Spot, str]]) -> bool:
    for width, height in PLOTS:
        box = _box(spot, side, width, height)
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
            return False
        if any(_common(box, _box(other, its, width, height)) for other, its in taken):
            return False
    return True


def _is_clear(spot: Spot, side: str, spots: Sequence[Spot]) -> bool:
    """Whether nobody can take the name for that of another point."""
    for width, height in PLOTS[-2:]:  # a phone has no room to be strict
        box = _box(spot, side, width, height)
        own = _far(box, spot, width, height)
        others = (other for other in spots if other.name and other is not spot)
        if any(_far(box, other, width, height) < _CLEAR * own for other in others):
            return False
    return True


def _far(box: Box, spot: Spot, width: float, height: float) -> float:
    """Pixels from a name to the rim of a point; below 0 if the name covers some of it."""
    x, y = spot.x * width, (1 - spot.y) * height
    return hypot(max(box[0] - x, x - box[2], 0), max(box[1] - y, y - box[3], 0)) - spot.radius


def _covered(spot: Spot, side: str, spots: Sequence[Spot]) -> float:
    """How much of the name lies on other points: a share, on average over all plots."""
    total = 0.0
    for width, height in PLOTS:
        box = _box(spot, side, width, height)
        size = (box[2] - box[0]) * (box[3] - box[1])
        others = (_disc(other, width, height) for other in spots if other is not spot)
        total += sum(_common(box, disc) for disc in others) / size
    return total / len(PLOTS)


def _disc(spot: Spot, width: float, height: float) -> Box:
    """The square inside a point's circle."""
    x, y, half = spot.x * width, (1 - spot.y) * height, 0.71 * spot.radius
    return x - half, y - half, x + half, y + half


def _common(one: Box, other: Box) -> float:
    """The area that two boxes share, in square pixels."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def _box(spot: Spot, side: str, width: float, height: float) -> Box:
    right, up = _SIDES[side]
    out = spot.radius / 0.8 + 1  # as Plotly keeps away from a marker
    half, line = _LETTER * len(spot.name) / 2, _LINE / 2
    x = spot.x * width + right * (out + half)
    y = (1 - spot.y) * height - up * (out + line)
    return x - half, y - line, x + half, y + line
