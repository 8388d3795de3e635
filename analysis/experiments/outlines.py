"""The ten outlines of Shapes, each as one or two closed contours in the unit disc.

The first contour is filled, the others are cut out of it. Contours are arrays of (n, 2) points
(x to the right, y downwards); every outline is centred and reaches to radius 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Contours = tuple[NDArray[np.float64], ...]


def arc(start: float, stop: float, radius: float = 1.0, points: int = 48) -> NDArray[np.float64]:
    """Points of a circle around 0 between two angles in radians. (points, 2)."""
    angles = np.linspace(start, stop, points)
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (points, 2)


def polygon(corners: int) -> NDArray[np.float64]:
    """A regular polygon in the unit circle, the first corner on top. (corners, 2)."""
    return arc(-np.pi / 2, 1.5 * np.pi, points=corners + 1)[:-1]


def _star(inner: float = 0.42) -> NDArray[np.float64]:
    points = polygon(10)
    points[1::2] *= inner
    return points


def _cross(half_arm: float = 0.3) -> NDArray[np.float64]:
    a = half_arm
    quarter = np.array([(a, -1.0), (a, -a), (1.0, -a)])
    turn = np.array([(0.0, 1.0), (-1.0, 0.0)])  # row vectors, a quarter turn
    return np.concatenate([quarter @ np.linalg.matrix_power(turn, k) for k in range(4)])


def _heart() -> NDArray[np.float64]:
    t = np.linspace(0, 2 * np.pi, 64)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x, -y], axis=1)


def _crescent(shift: float = 0.5, radius: float = 0.78) -> NDArray[np.float64]:
    """Cut a smaller disc out of the unit disc, at its right."""
    x = (1 + shift**2 - radius**2) / (2 * shift)  # where the two circles meet
    outer = np.arccos(x)
    inner = np.arctan2(np.sin(outer), x - shift)
    bite = arc(2 * np.pi - inner, inner, radius) + np.array((shift, 0.0))
    return np.concatenate([arc(outer, 2 * np.pi - outer), bite])


def _arrow() -> NDArray[np.float64]:
    upper = [(-1.0, -0.2), (0.1, -0.2), (0.1, -0.65), (1.0, 0.0)]
    lower = [(0.1, 0.65), (0.1, 0.2), (-1.0, 0.2)]
    return np.array(upper + lower)


def centred(*contours: NDArray[np.float64]) -> Contours:
    """The contours, moved and scaled so that the first is centred and reaches to radius 1."""
    outer = contours[0]
    centre = (outer.min(axis=0) + outer.max(axis=0)) / 2
    reach = np.linalg.norm(outer - centre, axis=1).max()
    return tuple((contour - centre) / reach for contour in contours)


OUTLINES: dict[str, Contours] = {
    "circle": centred(arc(0, 2 * np.pi)),
    "square": centred(polygon(4)),
    "triangle": centred(polygon(3)),
    "pentagon": centred(polygon(5)),
    "star": centred(_star()),
    "cross": centred(_cross()),
    "ring": centred(arc(0, 2 * np.pi), arc(0, 2 * np.pi, 0.55)),
    "heart": centred(_heart()),
    "crescent": centred(_crescent()),
    "arrow": centred(_arrow()),
}
