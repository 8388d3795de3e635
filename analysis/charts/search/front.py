"""Accuracy against cost: all networks, the front, and what searches come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.amounts import counted, short
from analysis.charts import layout, log_axis
from analysis.charts.palette import NEUTRAL
from analysis.charts.search.colours import CONTROLLER, FOUND
from analysis.experiments.search.reward import Found

_STEP = 5  # percent, to which the axis is rounded
_SYMBOLS = ("circle", "diamond")


def front(
    accuracies: np.ndarray,
    costs: np.ndarray,
    members: Sequence[int],
    unit: str,
    found: Mapping[float, Sequence[Found]] | None = None,
) -> go.Figure:
    """Cost to the right (logarithmic), test accuracy upwards: all networks, and those on the front.

    `found` are networks that searches came to, by the weight of the cost in their reward.
    """
    fig = go.Figure()
    told = f"network %{{customdata}}<br>%{{x:.4s}} {unit}<br>%{{y:.1f}}%<extra></extra>"
    fig.add_scattergl(
        x=costs,
        y=100 * accuracies,
        name="all networks",
        mode="markers",
        marker={"color": NEUTRAL, "size": 5, "opacity": 0.35},
        customdata=np.arange(len(costs)),
        hovertemplate=told,
    )
    fig.add_scatter(
        x=costs[list(members)],
        y=100 * accuracies[list(members)],
        name="front",
        mode="lines+markers",
        line={"color": CONTROLLER, "width": 3, "shape": "hv"},
        marker_size=8,
        customdata=list(members),
        hovertemplate=told,
    )
    for place, (weight, own) in enumerate((found or {}).items()):
        _draw_found(fig, place, weight, own)
    low, high = log_axis.span(costs.tolist())
    marks = log_axis.ticks(low, high)
    words = [short(mark) for mark in marks]
    fig.update_xaxes(type="log", title=unit, range=[low, high], tickvals=marks, ticktext=words)
    fig.update_yaxes(title="test accuracy in %", zeroline=False)
    _cut(fig, accuracies, float(accuracies[list(members)].min()))
    layout.finish(fig, 520)
    return fig


def _cut(fig: go.Figure, accuracies: np.ndarray, worst: float) -> None:
    """Leave out what is far below the worst of the front, and say how much that is."""
    floor = max(round(100 * worst / _STEP) * _STEP - 2 * _STEP, 0)
    below = int((100 * accuracies < floor).sum())
    fig.update_yaxes(range=[floor, 101])
    if below:
        fig.add_annotation(
            text=f"{counted(below, 'network')} below {floor}%",
            xref="paper",
            yref="paper",
            x=1,
            y=0,
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
        )


def _draw_found(fig: go.Figure, place: int, weight: float, found: Sequence[Found]) -> None:
    colour, symbol = FOUND[place % len(FOUND)], _SYMBOLS[place % len(_SYMBOLS)]
    fig.add_scatter(
        x=[one.cost for one in found],
        y=[100 * one.accuracy for one in found],
        name=f"found, weight {weight:g}".replace("-", "−"),
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 14},
        customdata=[one.number for one in found],
        hovertemplate="network %{customdata}<br>%{y:.1f}%<extra></extra>",
    )
