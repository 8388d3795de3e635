"""Errors of networks and of their average, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.charts import layout
from analysis.charts.palette import NEUTRAL

_ROW = 40  # pixels
_ROOM = 64  # pixels right of the longest bar, for its number


def bars(members: Mapping[str, float], average: float, colours: Sequence[str]) -> go.Figure:
    """One bar a member, and the average of all below them, as the lecture's table of the fusion.

    Args:
        members: name and share of errors, from 0 to 1.
        average: share of errors of the average.
        colours: one a member.
    """
    values = [*members.values(), average]
    fig = go.Figure()
    fig.add_bar(
        x=[100 * value for value in values],
        y=[*members, "<b>average</b>"],
        orientation="h",
        marker_color=[*colours, NEUTRAL],
        text=[percent(value) for value in values],
        textposition="outside",
        textfont_size=layout.FONT,
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.update_xaxes(range=[0, max(100 * max(values), 1)], visible=False)
    fig.update_yaxes(autorange="reversed", showgrid=False)
    layout.finish(fig, 24 + _ROW * len(values))
    fig.update_layout(bargap=0.3, margin_r=_ROOM)
    return fig
