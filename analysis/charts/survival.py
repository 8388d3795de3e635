"""Stochastic depth: the chance of each block to work in a batch."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.experiments.studies.stochastic import Survival


def chances(found: Survival) -> go.Figure:
    """One bar a block, the first at the left; the dotted line is the mean of all."""
    numbers = list(range(1, len(found.chances) + 1))
    fig = go.Figure()
    fig.add_bar(
        x=numbers,
        y=[100 * chance for chance in found.chances],
        marker_color=family_colour("resnet"),
        hovertemplate="block %{x}: %{y:.1f}%<extra></extra>",
    )
    fig.add_hline(y=100 * found.share, line={"color": NEUTRAL, "dash": "dot", "width": 3})
    fig.update_xaxes(title="block, from the input to the output", dtick=3)
    fig.update_yaxes(title="batches in which it works, in %", range=[0, 104], zeroline=False)
    layout.finish(fig, 320)
    return fig
