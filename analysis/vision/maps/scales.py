"""Which value of a map has the last colour: one scale for a method, for all maps, or for each.

The raw values of two methods have different units (a gradient is a score by an input value, an
occlusion a score), so only the maps of one method can be compared by their colours as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from analysis.amounts import listed
from analysis.vision.attribution import METHODS, AttributionMap
from analysis.vision.maps.grid import Maps, Place
from analysis.vision.overlay import scale_limit

SCALES: Mapping[str, str] = MappingProxyType(
    {"method": "each method", "all": "all maps", "map": "each map"}
)
SIGNS: Mapping[str, str] = MappingProxyType({"signed": "Signed", "absolute": "Absolute"})

_TOGETHER: Mapping[str, Callable[[Place], Hashable]] = MappingProxyType(
    {"method": lambda place: place[1], "all": lambda _: None, "map": lambda place: place}
)


def limits(maps: Maps, scale: str) -> dict[Place, float]:
    """The value at which the colours of each map end; `scale` is a key of `SCALES`.

    >>> limits(maps, "method")[("vgg16", "saliency")]
    """
    together = _TOGETHER[scale]
    groups: dict[Hashable, list[AttributionMap]] = {}
    for place, found in maps.items():
        groups.setdefault(together(place), []).append(found)
    ends = {group: scale_limit(members) for group, members in groups.items()}
    return {place: ends[together(place)] for place in maps}


def said(ends: Mapping[Place, float], scale: str) -> str:
    """At which values the colours end, in a sentence; `ends` come from `limits`."""
    if scale == "map":
        return "Each map has a scale of its own, so its colours show where and not how much."
    if scale == "all":
        return f"The colours of all maps end at {next(iter(ends.values())):.3g}."
    shared = {METHODS[method].label: end for (_, method), end in ends.items()}
    return f"Colours end at {listed(f'{end:.3g} for {label}' for label, end in shared.items())}."


def as_shown(found: AttributionMap, sign: str) -> AttributionMap:
    """The map itself, or for the sign "absolute" how much each pixel matters either way."""
    if sign == "signed" or not found.signed:
        return found
    return replace(found, values=np.abs(found.values), signed=False)
