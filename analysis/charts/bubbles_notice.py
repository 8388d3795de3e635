"""What to see among the bubbles, in sentences that quote the networks shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.amounts import listed, short
from analysis.charts.bubble_view import front_of
from analysis.charts.bubbles import REUSES
from analysis.structure import landscape, pareto


def notice(rows: pd.DataFrame) -> list[str]:
    """Two sentences on the rows of `analysis.structure.landscape.shown`, which are not empty."""
    return _of_accuracy(rows) if "accuracy" in rows else _of_reuse(rows)


def area(rows: pd.DataFrame, column: str) -> str:
    """Which networks have the smallest and the largest bubble."""
    ranked = rows.sort_values(column, kind="stable").to_dict("records")
    small, large = ranked[0], ranked[-1]
    return (
        f"The area of a bubble is its {column}: from {short(small[column])} "
        f"({small['network']}) to {short(large[column])} ({large['network']})."
    )


def _of_accuracy(rows: pd.DataFrame) -> list[str]:
    members, alike = rows.loc[front_of(rows)], landscape.comparable(rows)
    shown = "shown" if len(alike) == len(rows) else "shown and measured with one crop"
    said = listed([f"**{name}**" for name in members["network"]])
    records = members.to_dict("records")
    cheapest, best = _price(records[0]), _price(records[-1])
    if len(members) == 1:
        first = (
            f"{said} ({best}) is alone on the front: nothing {shown} is cheaper or more accurate."
        )
    else:
        first = (
            f"The dotted line is the Pareto front, from {cheapest} multiply-adds to {best}: "
            f"{said}. No other network {shown} gives as much accuracy for as few multiply-adds."
        )
    return [first, *_farthest(alike)]


def _farthest(rows: pd.DataFrame) -> list[str]:
    """The network that pays most too much, against the cheapest that is at least as accurate."""
    costs, gains = list(rows["multiply-adds"]), list(rows["accuracy"])
    savings = [pareto.saving(costs, gains, place) for place in range(len(rows))]
    place = max(range(len(rows)), key=lambda i: savings[i][1])
    other, factor = savings[place]
    if factor == 1:
        return []
    records = rows.to_dict("records")
    dear, cheap = records[place], records[other]
    return [
        f"**{dear['network']}** is farthest from the front ({_price(dear)}): {cheap['network']} "
        f"({_price(cheap)}) is at least as accurate with {factor:.3g} times fewer multiply-adds."
    ]


def _price(row: Mapping[Any, Any]) -> str:
    return f"{row['accuracy']:.1f}% for {short(row['multiply-adds'])}"


def _of_reuse(rows: pd.DataFrame) -> list[str]:
    uses = rows["multiply-adds"] / rows["parameters"]
    least, most = rows.loc[uses.idxmin(), "network"], rows.loc[uses.idxmax(), "network"]
    return [
        f"**{least}** uses a parameter {uses.min():.3g} times for one image, **{most}** "
        f"{uses.max():.4g} times, on average.",
        f"On the dotted lines a parameter is used {listed([f'{uses:,}' for uses in REUSES])} "
        "times. A convolution uses each weight once for every position of its output, a fully "
        "connected layer uses each weight once.",
    ]
