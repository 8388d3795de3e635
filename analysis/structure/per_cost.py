"""Networks ranked by how much accuracy they give for each parameter or multiply-add."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from analysis.amounts import short


@dataclass(frozen=True)
class Portion:
    """A column of the landscape's table, and the portion of it that an accuracy is divided by."""

    column: str
    label: str
    portion: float
    unit: str


COSTS = {
    "macs": Portion("multiply-adds", "Multiply-add", 1e9, "10⁹ multiply-adds"),
    "params": Portion("parameters", "Parameter", 1e6, "10⁶ parameters"),
}


def ranking(rows: pd.DataFrame, cost: Portion) -> pd.DataFrame:
    """`rows` of the landscape with two more columns, the best first.

    "rank" counts from 1, and "for each" is the accuracy in points of percent for each portion of
    the cost.
    """
    each = rows["accuracy"] / (rows[cost.column] / cost.portion)
    ranked = rows.assign(**{"for each": each}).sort_values(
        "for each", ascending=False, kind="stable"
    )
    ranked.insert(0, "rank", range(1, len(ranked) + 1))
    return ranked


def shortened(ranked: pd.DataFrame, most: int, focus: Collection[str] = ()) -> pd.DataFrame:
    """The first `most` rows of a ranking, the last one, and the networks in focus."""
    last = len(ranked)
    kept = (ranked["rank"] <= most) | (ranked["rank"] == last) | ranked.index.isin(list(focus))
    return ranked.loc[kept]


def points(value: float) -> str:
    """Accuracy for a portion of cost, with three digits or more: "1,496", "4.63"."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def notice(ranked: pd.DataFrame, cost: Portion) -> list[str]:
    """Who is first and last, and why a ratio is not a verdict."""
    held = ranked.to_dict("records")
    first, last = held[0], held[-1]
    best = max(held, key=lambda row: row["accuracy"])
    sentences = [
        f"**{first['network']}** gives most: {first['accuracy']:.1f}% for "
        f"{short(first[cost.column])} {cost.column}, {points(first['for each'])} points for each "
        f"{cost.unit}. **{last['network']}** gives least, {points(last['for each'])} "
        f"({last['accuracy']:.1f}% for {short(last[cost.column])})."
    ]
    if best["rank"] > 1:
        sentences.append(
            f"The ratio favours small networks, since the first points are the cheapest: the most "
            f"accurate network, {best['network']} with {best['accuracy']:.1f}%, is number "
            f"{best['rank']} of {len(held)}."
        )
    return sentences
