"""The classes that a network holds most likely, as bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.vision.prediction import Prediction


def top_bars(rows: Sequence[Prediction], colour: str) -> go.Figure:
    """One bar a class, the most likely on top, with its probability in percent."""
    fig = go.Figure()
    fig.add_bar(
        x=[100 * row.probability for row in rows],
        y=[row.rank for row in rows],
        text=[percent(row.probability) for row in rows],
        orientation="h",
        marker_color=colour,
        textposition="outside",
        textfont_size=16,
        hoverinfo="skip",
    )
    fig.update_xaxes(range=[0, 150], visible=False, fixedrange=True)
    # Ranks and not names are the categories: two of the 1000 classes can share a name.
    fig.update_yaxes(
        tickvals=[row.rank for row in rows],
        ticktext=[row.name for row in rows],
        autorange="reversed",
        tickfont_size=16,
        fixedrange=True,
    )
    fig.update_layout(
        height=40 + 36 * len(rows), margin={"l": 0, "r": 0, "t": 0, "b": 0}, bargap=0.3
    )
    return fig


def notice(name: str, rows: Sequence[Prediction], target: str = "") -> str:
    """How sure the network is, quoting the bars, and which class the maps answer for, if any."""
    said = f"{name} says **{rows[0].name}** with {percent(rows[0].probability)}"
    if len(rows) > 1:
        said += f"; next comes {rows[1].name} with {percent(rows[1].probability)}"
    return f"{said}. The maps answer for **{target}**." if target else f"{said}."
