"""One search as it goes: rewards, and what the controller would choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS
from analysis.charts.search.colours import CONTROLLER, FOUND
from analysis.experiments.search.strategies import Tried


def rewards(tried: Sequence[Tried], baselines: Sequence[float | None] = ()) -> go.Figure:
    """A dot for the reward of each network that was tried, the best so far, and the baseline.

    `baselines` has one for each network, None where there was none yet, or is empty.
    """
    steps = list(range(1, len(tried) + 1))
    values = np.array([100 * one.reward for one in tried])
    fig = go.Figure()
    fig.add_scatter(
        x=steps,
        y=values,
        name="reward",
        mode="markers",
        marker={"color": CONTROLLER, "size": 7, "opacity": 0.55},
        customdata=[one.number for one in tried],
        hovertemplate="network %{customdata}: %{y:.1f}%<extra>step %{x}</extra>",
    )
    if len(values):
        best = {"color": KIND_COLOURS["batch norm"], "width": 3, "shape": "hv"}
        _line(fig, "best so far", steps, np.maximum.accumulate(values), best)
    if len(baselines):
        held = [None if value is None else 100 * value for value in baselines]
        _line(fig, "baseline", steps, held, {"color": KIND_COLOURS["linear"], "width": 3})
    fig.update_xaxes(title="networks tried")
    fig.update_yaxes(title="reward in %", zeroline=False)
    layout.finish(fig)
    return fig


def _line(
    fig: go.Figure,
    name: str,
    x: Sequence[int],
    y: Sequence[float | None] | np.ndarray,
    line: Mapping[str, object],
) -> None:
    fig.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="lines",
        line=line,
        hovertemplate=f"{name}: %{{y:.1f}}%<extra>step %{{x}}</extra>",
    )


def chances(titles: Sequence[str], found: Sequence[Sequence[float]]) -> go.Figure:
    """One bar a decision, the first on top, divided as the chances of its options are.

    `titles` name the decisions with their options: "filters, layer 1: 4 or 16".
    """
    fig = go.Figure()
    for option in range(max(map(len, found), default=0)):
        own = [100 * chance[option] if option < len(chance) else None for chance in found]
        fig.add_bar(
            y=list(titles),
            x=own,
            orientation="h",
            name=f"option {option + 1}",
            marker_color=FOUND[option % len(FOUND)],
            text=["" if share is None or share < 12 else f"{share:.0f}%" for share in own],
            textfont={"color": "white", "size": layout.TICKS},
            textangle=0,
            insidetextanchor="middle",
            hovertemplate=f"%{{y}}<br>option {option + 1}: %{{x:.1f}}%<extra></extra>",
        )
    fig.update_xaxes(title="chance in %", range=[0, 100])
    fig.update_yaxes(autorange="reversed", showgrid=False)
    layout.finish(fig, 110 + 34 * len(titles))
    fig.update_layout(barmode="stack", bargap=0.25)
    return fig
