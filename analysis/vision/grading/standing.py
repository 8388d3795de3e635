"""How the methods stand on one network by one measure: computed now, or read from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.vision.grading.cheat import TaggedExam
from analysis.vision.grading.exam import Exam
from analysis.vision.grading.explained import label
from analysis.vision.grading.grades import chance, summary
from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.record import CHANCE, recorded


@dataclass(frozen=True, eq=False)
class Standing:
    """`rows` has columns network, method, mean, low, high, n; `right` pictures were graded.

    `chance` is what a map that knows nothing would get, None where there is no such number.
    """

    network: str
    rows: pd.DataFrame
    chance: float | None
    right: int
    refused: Mapping[str, str] = field(default_factory=dict)


def standing(
    measure: str, network: str, exam: Exam, rows: pd.DataFrame, refused: Mapping[str, str]
) -> Standing:
    """The means of `rows`, columns method and `measure`, over the pictures of `exam`."""
    means = summary(rows, measure).rename_axis("method").reset_index().assign(network=network)
    return Standing(network, means, chance(measure, exam, rows), len(exam), dict(refused))


def tag_standing(network: str, drawn: TaggedExam, rows: pd.DataFrame) -> Standing:
    """The mean shares on the tag over the pictures of `drawn`; a uniform map gets its area."""
    means = summary(rows, "tag").rename_axis("method").reset_index().assign(network=network)
    return Standing(network, means, float(drawn.tags.mean()), len(drawn.tags))


def from_record(measure: str, network: str) -> Standing | None:
    """What the record says; None if the network is not in it."""
    rows = [
        row
        for row in recorded().rows.to_dict("records")
        if row["network"] == network and row["measure"] == measure
    ]
    kept = [row for row in rows if row["method"] != CHANCE]
    if not kept:
        return None
    by_chance = next((row["mean"] for row in rows if row["method"] == CHANCE), None)
    return Standing(network, pd.DataFrame(kept), by_chance, max(row["n"] for row in kept))


def report_card(networks: Mapping[str, str]) -> pd.DataFrame:
    """The recorded means of all measures: a row for each network and method, shares as percent.

    `networks` gives the names by key.
    """
    rows = recorded().rows
    table: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows.to_dict("records"):
        if row["network"] in networks and row["measure"] in MEASURES and row["method"] != CHANCE:
            place = networks[row["network"]], label(row["method"])
            table.setdefault(place, {})[MEASURES[row["measure"]].label] = 100 * row["mean"]
    return pd.DataFrame(
        [
            {"Network": network, "Method": method, **means}
            for (network, method), means in table.items()
        ]
    )
