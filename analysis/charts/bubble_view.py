"""What a chart of the landscape shows, and how large and how high its bubbles are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from math import log10, sqrt

import pandas as pd

from analysis.charts import log_axis
from analysis.structure import landscape, pareto

LARGEST, SMALLEST = 54, 8  # diameters in pixels

Span = tuple[float, float]
AREAS = {"params": "parameters", "activations": "activations"}


@dataclass(frozen=True)
class View:
    """What a chart of the landscape shows.

    `label` names the height; `area` is a column of the table. `scope` holds all rows that moving
    the year may bring, so that the axes stand still. `marked` are the networks in focus and
    `picked` the one that was clicked, if any.
    """

    label: str
    area: str
    scope: pd.DataFrame
    marked: Collection[str] = ()
    picked: str | None = None

    @property
    def height(self) -> str:
        """The column of the table that stands upwards."""
        return "accuracy" if "accuracy" in self.scope else "parameters"

    @cached_property
    def spans(self) -> tuple[Span, Span]:
        """Where the axes begin and end: powers of ten, or accuracies in percent."""
        across = log_axis.span(list(self.scope["multiply-adds"]))
        values = list(self.scope[self.height])
        if self.height == "parameters":
            return across, log_axis.span(values)
        room = 0.1 * max(max(values) - min(values), 1)
        return across, (min(values) - room, max(values) + room)

    def place(self, cost: float, height: float) -> tuple[float, float]:
        """Shares of the plot from the left and from the bottom."""
        across, upwards = self.spans
        reached = log10(height) if self.height == "parameters" else height
        return _share(log10(cost), across), _share(reached, upwards)


def _share(value: float, span: Span) -> float:
    return (value - span[0]) / (span[1] - span[0])


def front_of(rows: pd.DataFrame) -> list[str]:
    """Keys of the networks that no comparable one beats in both multiply-adds and accuracy."""
    rows = landscape.comparable(rows)
    places = pareto.front(list(rows["multiply-adds"]), list(rows["accuracy"]))
    return [str(rows.index[place]) for place in places]


def diameters(rows: pd.DataFrame, view: View) -> list[float]:
    """Diameters in pixels, so that areas are proportional; the smallest can still be clicked."""
    largest = view.scope[view.area].max()
    return [max(SMALLEST, LARGEST * sqrt(value / largest)) for value in rows[view.area]]
