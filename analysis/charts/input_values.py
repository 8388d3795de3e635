"""The numbers that a network gets: how often each occurs, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import FAMILY_COLOURS, NEUTRAL
from analysis.vision.attribution import AttributionMap
from analysis.vision.overlay import colours
from analysis.vision.predicting.normalised_input import Channel

_COLOURS = {
    "red": FAMILY_COLOURS["alexnet"],
    "green": FAMILY_COLOURS["fractalnet"],
    "blue": FAMILY_COLOURS["resnet"],
}
_HEIGHT = 260  # pixels


def histogram(found: Sequence[Channel]) -> go.Figure:
    """One line a channel: how many pixels have each value."""
    fig = go.Figure()
    for channel in found:
        fig.add_scatter(
            x=(channel.edges[:-1] + channel.edges[1:]) / 2,
            y=channel.counts,
            mode="lines",
            line={"color": _COLOURS.get(channel.name, NEUTRAL), "width": 3, "shape": "hvh"},
            name=channel.name,
            hovertemplate="%{y:,} pixels near %{x:.2f}<extra>" + channel.name + "</extra>",
        )
    fig.add_vline(x=0, line={"color": NEUTRAL, "dash": "dash", "width": 2})
    fig.update_xaxes(title="value after normalising", showgrid=False, zeroline=False)
    fig.update_yaxes(title="pixels", rangemode="tozero")
    layout.finish(fig, _HEIGHT)
    fig.update_layout(showlegend=len(found) > 1)
    return fig


def picture(channel: Channel, limit: float) -> np.ndarray:
    """A channel in colour, (H, W, 3) uint8: blue below zero, white at it, red above."""
    return colours(AttributionMap(channel.values, channel.name, signed=True), limit)
