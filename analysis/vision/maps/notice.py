"""What to notice in a grid of maps, in sentences that quote what is measured on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from analysis.amounts import listed, percent
from analysis.vision.attribution import METHODS
from analysis.vision.maps.grid import Maps, Place, columns, named, rows
from analysis.vision.maps.measures import TENTH, agreement, held_by_top, ninth
from analysis.vision.voices import Voice
from cnn_models import spec


class Pair(NamedTuple):
    """Two maps and the rank correlation between them."""

    first: Place
    second: Place
    correlation: float


def notice(maps: Maps, crops: Mapping[str, Hashable]) -> list[str]:
    """One sentence each on how concentrated the maps are, where, and which of them agree.

    Args:
        maps: those that there are; zero maps say nothing and are left out.
        crops: what part of the picture each network gets, by its key, as `crop_of` gives it.
            Only maps of the same part are compared pixel by pixel.
    """
    telling = {place: found for place, found in maps.items() if found.values.any()}
    if not telling:
        return []
    said = [_concentration(telling), _peaks(telling), _methods(telling), _networks(telling, crops)]
    return [sentence for sentence in said if sentence]


def crop_of(speaker: Voice) -> Hashable:
    """Equal for networks that get the same part of a picture, at whatever size."""
    recipe = speaker.preprocessing
    return "ink" if speaker.reads_ink else round(recipe.crop / recipe.resize, 6)


def _concentration(maps: Maps) -> str:
    shares = {place: held_by_top(found) or 0.0 for place, found in maps.items()}
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    said = f"The tenth of the pixels with the most holds **{percent(shares[most])}** of the "
    said += f"attribution in {named(most)}"
    if most != least:
        said += f" and **{percent(shares[least])}** in {named(least)}, the most and the least here"
    return f"{said}. If all pixels were alike, it would hold {percent(TENTH)}."


def _peaks(maps: Maps) -> str:
    ninths = Counter(where for found in maps.values() if (where := ninth(found)))
    (where, often), *_ = ninths.most_common(1)
    if len(maps) == 1:
        return f"The strongest pixel lies at the {where} of the picture."
    if often == 1:
        return "In each map the strongest pixel lies in another part of the picture."
    if often == len(maps):
        return f"In all {len(maps)} maps the strongest pixel lies at the {where} of the picture."
    return f"The strongest pixel lies at the {where} of the picture in {often} of {len(maps)} maps."


def _methods(maps: Maps) -> str:
    """The two methods that agree most on one network, and the two that agree least."""
    found = [
        pair
        for key in rows(maps)
        for pair in _pairs(maps, [place for place in maps if place[0] == key])
    ]
    if not found:
        return ""
    most, least = _extremes(found)
    values = f"a rank correlation of **{most.correlation:.2f}** between their absolute values"
    if most == least:
        return f"{_methods_of(most)} have {values}."
    return (
        f"Of two methods for one network, {_methods_of(most)} agree most, with {values}, and "
        f"{_methods_of(least)} least, with **{least.correlation:.2f}**."
    )


def _networks(maps: Maps, crops: Mapping[str, Hashable]) -> str:
    """The method whose maps agree most between two networks, and the one where they do least."""
    keys = rows(maps)
    if len(keys) < 2:
        return ""
    found = [
        pair
        for method in columns(maps)
        for pair in _pairs(maps, [place for place in maps if place[1] == method])
        if crops[pair.first[0]] == crops[pair.second[0]]
    ]
    if not found:
        names = listed(spec(key).display_name for key in keys)
        return f"{names} get different parts of the picture, so their maps are not compared."
    most, least = _extremes(found)
    if most == least:
        return f"Between {_networks_of(most)} the rank correlation is **{most.correlation:.2f}**."
    return (
        f"Of two networks by one method, {_networks_of(most)} agree most, with "
        f"**{most.correlation:.2f}**, and {_networks_of(least)} least, with "
        f"**{least.correlation:.2f}**."
    )


def _pairs(maps: Maps, places: list[Place]) -> list[Pair]:
    if len(places) < 2:
        return []
    matrix = agreement([maps[place] for place in places])
    pairs = combinations(range(len(places)), 2)
    found = [Pair(places[i], places[j], float(matrix[i, j])) for i, j in pairs]
    return [pair for pair in found if np.isfinite(pair.correlation)]


def _extremes(pairs: list[Pair]) -> tuple[Pair, Pair]:
    def correlation(pair: Pair) -> float:
        return pair.correlation

    return max(pairs, key=correlation), min(pairs, key=correlation)


def _methods_of(pair: Pair) -> str:
    labels = listed(METHODS[method].label for _, method in (pair.first, pair.second))
    return f"{labels} of {spec(pair.first[0]).display_name}"


def _networks_of(pair: Pair) -> str:
    names = listed(spec(key).display_name for key, _ in (pair.first, pair.second))
    return f"the {METHODS[pair.first[1]].label} maps of {names}"
