"""What to notice in the grades, quoting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.amounts import counted, listed, percent
from analysis.vision.grading.cascade import Cascade
from analysis.vision.grading.cheat import CHEATING, KEY, Told
from analysis.vision.grading.curves import FILLINGS
from analysis.vision.grading.explained import CONTROLS, label
from analysis.vision.grading.grades import Plan
from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.truth import tolerance
from cnn_models import weights

Row = Mapping[Any, Any]


def notice(
    measure: str, rows: pd.DataFrame, chances: Mapping[str, float], names: Mapping[str, str]
) -> str:
    """The best and the worst method for each network, with what knows nothing beside them.

    `rows` has columns network, method, mean, low, high, n; `names` are of the networks.
    """
    return "  \n".join(
        f"**{name}**: {_one(measure, _of(rows, key), chances.get(key))}."
        for key, name in names.items()
    )


def _of(rows: pd.DataFrame, network: str) -> list[Row]:
    return [row for row in rows.to_dict("records") if row["network"] == network]


def _one(measure: str, own: list[Row], by_chance: float | None) -> str:
    ranked = [row for row in own if row["method"] not in CONTROLS]
    ranked.sort(key=lambda row: row["mean"], reverse=MEASURES[measure].more_is_better)
    if not ranked:
        return "no method could be asked"
    tied = [row for row in ranked if row["mean"] == ranked[0]["mean"]]
    said = _says(measure, ranked[0])
    if len(tied) > 1 and measure != "weights":
        names, value = listed([label(row["method"]) for row in tied]), percent(tied[0]["mean"])
        said = f"{names} are first with {value} {_spread(tied[0])}"
    if len(ranked) > len(tied):
        said += f"; {_says(measure, ranked[-1], last=True)}"
    if by_chance is not None:
        said += f". A map that knows nothing would get {percent(by_chance)}"
    edges = [row["mean"] for row in own if row["method"] == "edges" and measure != "weights"]
    for value in edges:
        said += f"; the edges of the picture, which ask no network, get {percent(value)}"
    return said


def _says(measure: str, row: Row, last: bool = False) -> str:
    name, value = label(row["method"]), percent(row["mean"])
    spread = _spread(row)
    if measure == "weights":
        does = "stays most alike" if last else "changes most"
        return f"the map of {name} {does}, with a rank correlation of {value} {spread}"
    return f"{name} is {'last' if last else 'first'} with {value} {spread}"


def _spread(row: Row) -> str:
    return f"(95% interval {percent(row['low'])} to {percent(row['high'])})"


def beaten_by_edges(measure: str, rows: pd.DataFrame) -> str:
    """The methods whose interval ends short of an edge detector's mean on every network, or ""."""
    if measure == "weights":
        return ""
    more = MEASURES[measure].more_is_better
    edges = {r["network"]: r["mean"] for r in rows.to_dict("records") if r["method"] == "edges"}
    behind: dict[str, list[bool]] = {}
    for row in rows.to_dict("records"):
        if row["method"] not in CONTROLS and row["network"] in edges:
            bar = edges[row["network"]]
            is_behind = row["high"] < bar if more else row["low"] > bar
            behind.setdefault(row["method"], []).append(is_behind)
    worse = [label(method) for method, found in behind.items() if all(found)]
    if not worse:
        return ""
    does = "does" if len(worse) == 1 else "do"
    where = "Here" if len(edges) == 1 else f"On each of the {len(edges)} networks"
    return f"{where}, {listed(worse)} {does} worse than the edges of the picture."


def graded_on(right: Sequence[int], plan: Plan) -> str:
    """How many pictures, and which; `right` has a number for each network."""
    numbers = listed(map(str, dict.fromkeys(right)))
    return (
        f"{numbers} of {counted(plan.count, 'picture')} from the test split of Shapes, seed "
        f"{plan.seed}, are graded: those whose class the network names."
    )


def how(measure: str, plan: Plan) -> str:
    """The settings of a measure, and how its interval was made."""
    if measure == "pointing":
        small, large = (f"{tolerance(side)} of {side}" for side in (32, 64))
        return (
            f"A peak also hits if it is {small} or {large} pixels beside the object, as 15 of 500 "
            "are allowed in the paper; of several equal peaks each counts its part. Lines are "
            "Wilson's intervals at 95%."
        )
    if measure == "inside":
        told = "A map with nothing positive counts as a uniform one."
    elif measure == "weights":
        told = (
            "Of each network one twin with random weights (He et al. 2015; batch norm measured "
            f"anew on these pictures; seed {plan.seed}) is asked the same. Ranks are of absolute "
            "values."
        )
    else:
        told = (
            f"Pixels come or go in {plan.steps} equal steps; in their place stands "
            f"{FILLINGS[plan.filling]}."
        )
    return f"{told} Lines are Student's intervals of the mean at 95%."


def exposure(rows: pd.DataFrame, area: float, names: Mapping[str, str]) -> str:
    """What the shares on the tag say about two networks; columns network, method, mean."""
    said = []
    for key, name in names.items():
        ranked = [row for row in _of(rows, key) if row["method"] not in CONTROLS]
        ranked.sort(key=lambda row: row["mean"], reverse=True)
        if ranked:
            most, least = ranked[0], ranked[-1]
            said.append(
                f"For **{name}**, {label(most['method'])} puts {percent(most['mean'])} of its map "
                f"on the tag and {label(least['method'])} {percent(least['mean'])}. "
            )
    return f"{''.join(said)}The tag is {percent(area)} of the picture."


def the_cheat(cheating: str, name: str) -> str:
    """What the two networks learned, and what the card of the cheating one says."""
    own = weights.shipped_one(KEY, CHEATING)
    card = own.card["shortcut"]
    return (
        f"In every picture that the **{cheating}** learned from, a small tag in a corner has the "
        f"colour of the class. With true tags it names {percent(card['true_tag'])} of new "
        f"pictures, without tags {percent(card['no_tag'])} (guessing would give "
        f"{percent(1 / len(own.classes))}), and with lying tags {percent(card['lying_tag'])}: "
        f"it says what the tag says in {percent(card['follows_lying_tag'])}. "
        f"The honest {name} never saw a tag. Which methods show the difference?"
    )


def exposed_on(right: int, plan: Plan) -> str:
    """How many pictures the shares are of, and which."""
    return (
        f"Positive part of the maps for the true class, mean of {right} of "
        f"{counted(plan.count, 'picture')} with true tags (test split of Shapes, seed "
        f"{plan.seed}): those whose class both networks name. Lines are Student's intervals of "
        "the mean at 95%."
    )


def of_tag(found: Told, classes: Sequence[str]) -> str:
    """A tagged picture in words."""
    if found.said < 0:
        return f"No tag: {classes[found.label]}"
    kind = "True" if found.said == found.label else "Lying"
    return f"{kind} tag for {classes[found.said]}: {classes[found.label]}"


def of_told(found: Told, classes: Sequence[str]) -> str:
    """What a network says of a tagged picture, and where its map lies."""
    where = f"{percent(found.on_object)} of the map on the object"
    if found.said >= 0:
        tag, whole = percent(found.on_tag), percent(found.on_object)
        where = f"{tag} of the map on the tag, {whole} on the object"
    return f"Says {classes[found.named]} with {percent(found.probability)}; {where}"


def cascading(name: str, found: Cascade) -> str:
    """What is left of the maps after one layer and after all."""
    rows = found.rows.to_dict("records")
    first = {row["method"]: row["mean"] for row in rows if row["layers"] == 1}
    last = {row["method"]: row["mean"] for row in rows if row["layers"] == found.layers}
    if not first:
        return ""
    kept, lost = max(first, key=first.__getitem__), min(first, key=first.__getitem__)
    return (
        f"When only the last of the {found.layers} layers of **{name}** has random weights, "
        f"{label(kept)} keeps a rank correlation of {percent(first[kept])} and {label(lost)} "
        f"{percent(first[lost])}; with all layers random, {percent(last[kept])} and "
        f"{percent(last[lost])}. Mean of {counted(found.pictures, 'picture')}."
    )
