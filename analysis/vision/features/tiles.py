"""Filters and maps in colour, as small pictures for a grid."""

from __future__ import annotations

import numpy as np

from analysis.vision.attribution import AttributionMap
from analysis.vision.features.maps import Maps
from analysis.vision.features.response import Response
from analysis.vision.overlay import colours, overlay, scale_limit

BOX = 0.75  # strength of a gradient laid over its picture


def of_filters(weights: np.ndarray) -> list[np.ndarray]:
    """Filters (n, C, h, w) on one symmetric scale, each (h, w, 3) uint8.

    Three colours become colours, with grey for a weight of 0. Of any other number of channels the
    sum is shown, from blue (negative) over white to red (positive).
    """
    if weights.shape[1] == 3:
        limit = float(np.abs(weights).max()) or 1.0
        shares = np.clip(0.5 + weights / (2 * limit), 0, 1)
        return list(np.rint(255 * shares).astype(np.uint8).transpose(0, 2, 3, 1))
    return _diverging(weights.sum(1))


def _diverging(maps: np.ndarray) -> list[np.ndarray]:
    limit = float(np.abs(maps).max()) or 1.0
    return [colours(AttributionMap(values, "", signed=True), limit) for values in maps]


def of_maps(found: Maps, one_scale: bool = True) -> list[np.ndarray]:
    """The maps that are shown, each (h, w, 3) uint8.

    With `one_scale` the colours mean the same in all of them; else each ends at its own largest
    value. Maps with negative values go from blue over white to red, others from violet to yellow.
    """
    maps = [AttributionMap(values, "", found.is_signed) for values in found.shown]
    limit = scale_limit(maps) if one_scale else None
    return [colours(values, limit) for values in maps]


def legend(found: Maps, one_scale: bool) -> str:
    """What the colours mean, in words."""
    ends = (
        "red positive, white 0, blue negative" if found.is_signed else "yellow most, violet nothing"
    )
    return f"{ends}; {'one scale for all' if one_scale else 'each map on its own scale'}"


def of_gradient(picture: np.ndarray, found: Response) -> np.ndarray:
    """The magnitude of a gradient over its picture in grey: (H, W, 3) uint8.

    Colours follow the square root of the magnitude, else all but the largest would look alike.
    """
    values = AttributionMap(np.sqrt(found.magnitude), "gradient", signed=False)
    return overlay(picture, values, BOX)
