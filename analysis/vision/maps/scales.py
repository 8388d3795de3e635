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
from analysis.vision.maps.grid import Maps, Place, named
from analysis.vision.overlay import scale_limit

SCALES: Mapping[str, str] = MappingProxyType(
    {"method": "each method", "all": "all maps", "map": "each map"}
)
SIGNS: Mapping[str, str] = MappingProxyType({"signed": "Signed", "absolute": "Absolute"})

_PALE = 0.1  # of the scale: hard to see below

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


def said(maps: Maps, ends: Mapping[Place, float], scale: str) -> str:
    """At which values the colours end, and which maps are pale there; `ends` are `limits`."""
    return f"{_ends(ends, scale)}{_pale(maps, ends)}"


def _pale(maps: Maps, ends: Mapping[Place, float]) -> str:
    pale = [place for place, found in maps.items() if 0 < _own(found) < _PALE * ends[place]]
    if not pale:
        return ""
    names = listed(named(place) for place in pale)
    return (
        f" Less than {_PALE:.0%} of that is reached by {names}; one scale for each map shows more."
    )


def _own(found: AttributionMap) -> float:
    return scale_limit([found]) if found.values.any() else 0.0


def _ends(ends: Mapping[Place, float], scale: str) -> str:
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
