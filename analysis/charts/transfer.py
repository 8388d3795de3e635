"""What transfer learning comes to: right answers by pictures a class, by stages, and confusions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.learning import Style, curves
from analysis.charts.palette import FAMILY_COLOURS, KIND_COLOURS, NEUTRAL
from analysis.experiments.studies.spread import Spread
from analysis.experiments.transfer.evaluation import Evaluation
from analysis.experiments.transfer.study import PROBE, SCRATCH, TUNED
from analysis.experiments.transfer.verdict import by_shots, by_stages

LOOKS = {
    PROBE: Style(KIND_COLOURS["convolution"], "solid"),
    TUNED: Style(KIND_COLOURS["linear"], "dash"),
    SCRATCH: Style(NEUTRAL, "dot"),
}
_BLUES = [[0.0, "rgba(63, 116, 224, 0)"], [1.0, "rgba(63, 116, 224, 0.9)"]]
_MARGIN = 0.1  # beyond the first and the last place, whose labels would be left out at the edge
_DARK = 0.6  # share of a row from which white can be read on its colour, in both themes
_MOST_WRITTEN = 12  # classes, above which the counts stand in the hover text only


def shots(rows: pd.DataFrame) -> go.Figure:
    """Pictures a class to the right, right answers upwards: the mean in the band of all seeds."""
    lines = by_shots(rows)
    fig = curves(lines, "right answers", LOOKS, across="pictures a class")
    places = sorted({place for line in lines.values() for place in line})
    low, high = np.log10([places[0], places[-1]])
    fig.update_xaxes(
        type="log",
        range=[low - _MARGIN, high + _MARGIN],
        tickvals=places,
        ticktext=[str(place) for place in places],
    )
    return fig


def unfrozen(rows: pd.DataFrame, stages: Sequence[str] = ()) -> go.Figure:
    """Trained stages before the last layer to the right, right answers upwards, over the seeds."""
    line = by_stages(rows)
    style = {TUNED: Style(FAMILY_COLOURS["senet"], "solid")}
    fig = curves({TUNED: line}, "right answers", style, across="stages trained")
    fig.update_xaxes(
        range=[-2 * _MARGIN, max(line) + 2 * _MARGIN],
        tickvals=list(line),
        ticktext=_named(line, stages),
    )
    return fig


def _named(line: Mapping[int, Spread], stages: Sequence[str]) -> list[str]:
    """How many stages are trained, and down to which: "1<br>layer3"; in the end "4<br>all"."""
    names = ["last layer only", *reversed(stages[1:]), "all"]
    return [
        f"{count}<br>{names[count]}" if len(names) == len(line) else str(count) for count in line
    ]


def confusion(evaluation: Evaluation) -> go.Figure:
    """A row is the right class, a column the answer; a colour is the share of its row."""
    counts, names = evaluation.confusion(), list(evaluation.classes)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    places = list(range(len(names)))
    fig = go.Figure(
        go.Heatmap(
            z=shares,
            x=places,
            y=places,
            zmin=0,
            zmax=1,
            colorscale=_BLUES,
            showscale=False,
            text=counts.tolist(),
            customdata=[[[truth, answer] for answer in names] for truth in names],
            hovertemplate="%{text} of %{customdata[0]}, taken for %{customdata[1]} "
            "(%{z:.0%})<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    if len(names) <= _MOST_WRITTEN:
        _write(fig, counts, shares >= _DARK, "white")
        _write(fig, counts, shares < _DARK, None)
    span, bare = [-0.5, len(names) - 0.5], {"showgrid": False, "zeroline": False}
    fig.update_xaxes(title="answer", range=span, tickvals=places, ticktext=names, **bare)
    fig.update_yaxes(title="right class", range=span[::-1], tickvals=places, ticktext=names, **bare)
    layout.finish(fig, 170 + 44 * min(len(names), 14))
    return fig


def _write(fig: go.Figure, counts: np.ndarray, where: np.ndarray, colour: str | None) -> None:
    """Write counts into some cells; without a colour in that of the theme."""
    rows, columns = np.nonzero(where)
    fig.add_scatter(
        x=columns,
        y=rows,
        mode="text",
        text=counts[rows, columns].astype(str),
        textfont={"color": colour},
        hoverinfo="skip",
        showlegend=False,
    )
