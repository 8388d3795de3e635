"""Bars for a ranking, the best on top."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.names import short_names
from analysis.charts.palette import family_colour
from analysis.structure import per_cost

_ROW = 30  # pixels


def bars(ranked: pd.DataFrame, title: str, focus: Collection[str] = ()) -> go.Figure:
    """One bar a row of `analysis.structure.per_cost.ranking`; bold are the networks in focus."""
    names = short_names(list(ranked["network"]))
    labels = [
        _label(f"{row['rank']}. {names[row['network']]}", key in focus)
        for key, row in ranked.to_dict("index").items()
    ]
    fig = go.Figure()
    fig.add_bar(
        x=ranked["for each"],
        y=labels,
        orientation="h",
        marker_color=[family_colour(family) for family in ranked["family"]],
        text=[per_cost.points(value) for value in ranked["for each"]],
        textposition="outside",
        textfont_size=layout.TICKS,
        cliponaxis=False,
        customdata=[
            f"{row['accuracy']:.4g}%: {row['protocol']} ({row['source']})"
            for row in ranked.to_dict("records")
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    fig.update_xaxes(
        title=title, tickformat=",", range=[0, 1.16 * ranked["for each"].max()], showgrid=False
    )
    fig.update_yaxes(autorange="reversed", showgrid=False)
    layout.finish(fig, 80 + _ROW * len(ranked))
    fig.update_layout(bargap=0.3)
    return fig


def _label(text: str, is_bold: bool) -> str:
    return f"<b>{text}</b>" if is_bold else text
