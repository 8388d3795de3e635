"""How often a network is right, against how sure it is of its answer."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import NEUTRAL
from analysis.vision.predicting.calibration import Reliability

_HEIGHT = 340  # pixels
_TICKS = (0, 50, 100)  # percent


def diagram(plain: Reliability, changed: Reliability, temperature: float, colour: str) -> go.Figure:
    """Bars for T = 1, dots for another temperature; on the diagonal a network is as sure as right.

    A dot's area grows with its images; the number in a bar says how many it has.
    """
    bins = len(plain.counts)
    middles = (np.arange(bins) + 0.5) / bins * 100
    fig = go.Figure()
    fig.add_bar(
        x=middles,
        y=100 * plain.accuracy,
        width=0.92 * 100 / bins,
        marker_color=colour,
        opacity=0.5,
        name="T = 1",
        text=[f"{count:,}" if count else "" for count in plain.counts],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        customdata=plain.counts,
        hovertemplate="right on %{y:.1f}% of %{customdata} images<extra>T = 1</extra>",
    )
    fig.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", line={"color": NEUTRAL, "dash": "dash", "width": 2},
        name="as sure as right", hoverinfo="skip",
    )  # fmt: skip
    if temperature != 1:
        used, most = changed.counts > 0, changed.counts.max()
        fig.add_scatter(
            x=100 * changed.confidence[used],
            y=100 * changed.accuracy[used],
            mode="markers",
            marker={"color": colour, "size": 8 + 14 * np.sqrt(changed.counts[used] / most)},
            cliponaxis=False,
            name=f"T = {temperature:g}",
            customdata=changed.counts[used],
            hovertemplate="sure by %{x:.1f}%, right on %{y:.1f}% of %{customdata} images"
            f"<extra>T = {temperature:g}</extra>",
        )
    fig.update_xaxes(
        title="how sure it is",
        range=[0, 104],
        showgrid=False,
        tickvals=_TICKS,
        ticktext=[f"{tick}%" for tick in _TICKS],
    )
    fig.update_yaxes(
        title="right answers",
        range=[0, 104],
        tickvals=_TICKS,
        ticktext=[f"{tick}%" for tick in _TICKS],
    )
    layout.finish(fig, _HEIGHT)
    return fig
