"""Grades of explanations: a dot with its interval for each method and network, and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import DASHES, FAMILY_COLOURS, NEUTRAL
from analysis.vision.attribution import METHODS
from analysis.vision.grading.explained import CONTROLS, label

Row = Mapping[Any, Any]
SYMBOLS = ("circle", "diamond", "square", "triangle-up")
_ROW, _EACH = 18, 13  # pixels for a method, and for each network in it
_SAME = 0.02  # chances that differ by less are drawn as one line


def dots(
    rows: pd.DataFrame,
    axis: str,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    chances: Mapping[str, float],
    more_is_better: bool = True,
) -> go.Figure:
    """One line of dots a method, the best on top, and a dotted line where chance is.

    `rows` has columns network, method, mean, low, high, n with shares; the axis is in percent.
    """
    records = rows.to_dict("records")
    means = {m: _mean([r["mean"] for r in records if r["method"] == m]) for m in rows["method"]}
    ranked = sorted(means, key=means.__getitem__, reverse=more_is_better)
    places = {method: place for place, method in enumerate(ranked)}
    fig = go.Figure()
    for number, key in enumerate(names):
        own = [row for row in records if row["network"] == key]
        shift = (number - (len(names) - 1) / 2) * 0.7 / max(len(names), 2)
        y = [places[row["method"]] + shift for row in own]
        _add(fig, own, y, names[key], colours[key], SYMBOLS[number % len(SYMBOLS)])
    _add_chances(fig, chances, colours)
    least = min(0.0, *(row["low"] for row in records))
    fig.update_xaxes(title=axis, range=[100 * least - 2, 104], zeroline=False)
    fig.update_yaxes(
        tickvals=list(places.values()),
        ticktext=[f"<i>{label(m)}</i>" if m in CONTROLS else label(m) for m in places],
        range=[len(places) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
    )
    inner = (_ROW + _EACH * len(names)) * len(places)
    layout.finish(fig, 120 + inner)
    fig.update_layout(
        showlegend=len(names) > 1,
        legend_y=1 + 24 / inner,
        margin_t=24,
        margin_r=20,  # or the last number would be left out on a telephone
    )
    return fig


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _add(
    fig: go.Figure, own: Sequence[Row], y: Sequence[float], name: str, colour: str, symbol: str
) -> None:
    fig.add_scatter(
        x=[100 * row["mean"] for row in own],
        y=y,
        name=name,
        mode="markers",
        cliponaxis=False,
        marker={"color": colour, "size": 12, "symbol": symbol},
        error_x={
            "type": "data",
            "array": [100 * (row["high"] - row["mean"]) for row in own],
            "arrayminus": [100 * (row["mean"] - row["low"]) for row in own],
            "color": colour,
            "thickness": 2,
            "width": 0,
        },
        customdata=[
            f"{name}, {label(row['method'])}: {100 * row['mean']:.1f}% "
            f"({100 * row['low']:.1f} to {100 * row['high']:.1f}), {row['n']:.0f} pictures"
            for row in own
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _add_chances(fig: go.Figure, chances: Mapping[str, float], colours: Mapping[str, str]) -> None:
    if not chances:
        return
    values = list(chances.values())
    lines = [(colours[key], place) for key, place in chances.items()]
    if max(values) - min(values) < _SAME:
        lines = [(NEUTRAL, _mean(values))]
    for colour, place in lines:
        fig.add_vline(x=100 * place, line={"color": colour, "width": 2, "dash": "dot"})
    fig.add_annotation(
        x=100 * _mean(values),
        y=1,
        yref="paper",
        yanchor="bottom",
        text="chance",
        showarrow=False,
        font={"color": NEUTRAL, "size": layout.TICKS},
    )


def _line(method: str) -> dict[str, str]:
    """The same colour for a method in every chart; controls are grey and dotted."""
    if method in CONTROLS:
        return {"color": NEUTRAL, "dash": "dot" if method == "random" else "dash"}
    hues = list(FAMILY_COLOURS.values())
    place = list(METHODS).index(method)
    return {"color": hues[place % len(hues)], "dash": DASHES[place % 2]}


def curve(shares: np.ndarray, heights: Mapping[str, np.ndarray], axis: str) -> go.Figure:
    """The probability of the class while pixels come or go: one line a method, in percent."""
    fig = go.Figure()
    for method, values in heights.items():
        control = method in CONTROLS
        fig.add_scatter(
            x=100 * shares,
            y=100 * values,
            name=label(method),
            mode="lines",
            line={**_line(method), "width": 2 if control else 3},
            hovertemplate=f"{label(method)}: %{{y:.0f}}% at %{{x:.0f}}%<extra></extra>",
        )
    fig.update_xaxes(title=axis, range=[0, 100])
    fig.update_yaxes(title="Probability of the class, %", range=[0, 102])
    layout.finish(fig, layout.HEIGHT + 6 * len(heights))
    return fig


def falling(rows: pd.DataFrame, layers: int) -> go.Figure:
    """Likeness to the trained network's map, one line a method, while layers are lost.

    `rows` has columns method, layers, mean.
    """
    fig = go.Figure()
    records = rows.to_dict("records")
    for method in dict.fromkeys(row["method"] for row in records):
        own = [row for row in records if row["method"] == method]
        fig.add_scatter(
            x=[row["layers"] for row in own],
            y=[100 * row["mean"] for row in own],
            name=label(method),
            mode="lines+markers",
            line={**_line(method), "width": 3},
            hovertemplate=f"{label(method)}: %{{y:.0f}}% after %{{x}} layers<extra></extra>",
        )
    fig.update_xaxes(title=f"Layers with random weights, from the top, of {layers}")
    fig.update_yaxes(title="Rank correlation, %", rangemode="tozero")
    layout.finish(fig)
    return fig
