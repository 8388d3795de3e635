"""A grid of maps: a row a network, a column a method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.vision.attribution import METHODS, AttributionMap
from cnn_models import spec

Place = tuple[str, str]
"""Key of the network and key of the method."""

Maps = Mapping[Place, AttributionMap]


def rows(maps: Iterable[Place]) -> list[str]:
    """Keys of the networks, in the order in which they come."""
    return list(dict.fromkeys(key for key, _ in maps))


def columns(maps: Iterable[Place]) -> list[str]:
    """Keys of the methods, in the order in which they come."""
    return list(dict.fromkeys(method for _, method in maps))


def named(place: Place) -> str:
    """What sentences call one map of the grid, such as "Saliency of VGG-16"."""
    key, method = place
    return f"{METHODS[method].label} of {spec(key).display_name}"
