"""Which value of a map has the last colour: one scale for a method, for all maps, or for each.

The raw values of two methods have different units (a gradient is a score by an input value, an
occlusion a score), so only the maps of one method can be compared by their colours as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from analysis.vision.attribution import AttributionMap
from analysis.vision.maps.grid import Maps, Place
from analysis.vision.overlay import scale_limit

Scale = Literal["method", "all", "map"]
Sign = Literal["signed", "absolute"]

SCALES: Mapping[Scale, str] = MappingProxyType(
    {"method": "For each method", "all": "For all maps", "map": "For each map"}
)
SIGNS: Mapping[Sign, str] = MappingProxyType(
    {"signed": "For and against", "absolute": "How much, without sign"}
)

_TOGETHER: Mapping[Scale, Callable[[Place], Hashable]] = MappingProxyType(
    {"method": lambda place: place[1], "all": lambda _: None, "map": lambda place: place}
)


def limits(maps: Maps, scale: Scale) -> dict[Place, float]:
    """The value at which the colours of each map end; maps on one scale have the same.

    >>> limits(maps, "method")[("vgg16", "saliency")]
    """
    together = _TOGETHER[scale]
    groups: dict[Hashable, list[AttributionMap]] = {}
    for place, found in maps.items():
        groups.setdefault(together(place), []).append(found)
    ends = {group: scale_limit(members) for group, members in groups.items()}
    return {place: ends[together(place)] for place in maps}


def as_shown(found: AttributionMap, sign: Sign) -> AttributionMap:
    """The map itself, or its absolute values; the sum and what it is off by are the map's own."""
    if sign == "signed" or not found.signed:
        return found
    return replace(found, values=np.abs(found.values), signed=False)
