"""An attribution map in colour, over the picture it explains.

Signed maps go from blue (against) over white (nothing) to red (for), the same way on both sides
of zero; unsigned ones from dark violet to yellow, by matplotlib's viridis. Both scales can be
told apart with any common colour blindness.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from analysis.vision.attribution import AttributionMap

# Evenly spaced, straight lines between them. ColorBrewer's RdBu with a pure white middle.
DIVERGING = ((5, 48, 97), (67, 147, 195), (255, 255, 255), (214, 96, 77), (103, 0, 31))
SEQUENTIAL = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))

_OUTLIERS = 99.5  # a percentile: one glaring pixel must not leave the others pale


def scale_limit(maps: Iterable[AttributionMap]) -> float:
    """The value at which colours end, for one map or, shared, for several; never zero.

    It is the 99.5th percentile of the absolute values of the map where that is largest.
    """
    limits = [float(np.percentile(np.abs(m.values), _OUTLIERS)) for m in maps]
    peaks = [value for value in limits if value > 0]
    return max(peaks, default=1.0)


def colours(attribution: AttributionMap, limit: float | None = None) -> np.ndarray:
    """The map in colour, (H, W, 3) uint8.

    Args:
        attribution: (H, W).
        limit: the value of the last colour, and minus it of the first where the map is signed;
            the map's own `scale_limit` when left out.
    """
    limit = scale_limit([attribution]) if limit is None else limit
    scale = np.array(DIVERGING if attribution.signed else SEQUENTIAL, dtype=np.float64)
    share = np.clip(attribution.values / limit, -1 if attribution.signed else 0, 1)
    place = (share + 1) / 2 if attribution.signed else share
    steps = np.linspace(0, 1, len(scale))
    rgb = [np.interp(place, steps, scale[:, channel]) for channel in range(3)]
    return np.rint(np.stack(rgb, axis=-1)).astype(np.uint8)


LEGENDS = {True: "red for, blue against", False: "yellow most, violet nothing"}  # by sign


def legend(attribution: AttributionMap) -> str:
    """The ends of the colour scale, in words."""
    return LEGENDS[attribution.signed]


def overlay(
    image: np.ndarray,
    attribution: AttributionMap,
    strength: float = 0.6,
    limit: float | None = None,
) -> np.ndarray:
    """The map laid over its picture, (H, W, 3) uint8.

    Args:
        image: (H, W) or (H, W, 3); uint8, or numbers from 0 to 1. It is shown in grey, so that
            the only colours are those of the map.
        attribution: of the same height and width.
        strength: 0 shows the picture alone, 1 the map alone.
        limit: as for `colours`; give the same to maps that are to be compared.

    Raises:
        ValueError: if the sizes differ or `strength` is not from 0 to 1.
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"strength is {strength}; it may be from 0 (picture) to 1 (map).")
    grey = _grey(image)
    if grey.shape != attribution.values.shape:
        raise ValueError(
            f"The picture is {grey.shape} and the map {attribution.values.shape}; "
            "lay a map over the very crop that the network saw."
        )
    mixed = (1 - strength) * grey[..., None] + strength * colours(attribution, limit)
    return np.rint(mixed).astype(np.uint8)


def _grey(image: np.ndarray) -> np.ndarray:
    """(H, W) from 0 to 255, by the luma weights of ITU-R BT.601."""
    values = np.asarray(image, dtype=np.float64)
    if not np.issubdtype(np.asarray(image).dtype, np.integer):
        values = np.clip(values, 0, 1) * 255
    return values @ np.array([0.299, 0.587, 0.114]) if values.ndim == 3 else values
