"""Receptive fields along the depth: of a network with its branches, and of a stack."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS, NEUTRAL
from analysis.structure.field_growth import Point
from analysis.structure.stack import Row
from analysis.structure.stack_table import layer_name


def along_the_depth(
    points: Sequence[Point], colour: str, side: int, chosen: str | None = None
) -> go.Figure:
    """One marker an operation, joined to those before it, so that branches are seen.

    `side` is the image's, drawn as a line; `chosen` names the point to stand out.
    """
    places = {point.name: point for point in points}
    fig = go.Figure()
    xs: list[float | None] = []
    ys: list[float | None] = []
    for point in points:
        for before in (places[name] for name in point.inputs):
            xs += [before.depth, point.depth, None]
            ys += [before.size, point.size, None]
    fig.add_scatter(
        x=xs, y=ys, mode="lines", line={"color": colour, "width": 1.6}, hoverinfo="skip"
    )
    fig.add_scatter(
        x=[point.depth for point in points],
        y=[point.size for point in points],
        mode="markers",
        marker={"size": 8, "color": [KIND_COLOURS.get(p.kind, NEUTRAL) for p in points]},
        customdata=[(point.name, point.kind) for point in points],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>"
        "depth %{x}, %{y:,} px<extra></extra>",
        cliponaxis=False,
    )
    if chosen in places:
        point = places[chosen]
        fig.add_scatter(
            x=[point.depth],
            y=[point.size],
            mode="markers+text",
            marker={
                "size": 18,
                "color": "rgba(0,0,0,0)",
                "line": {"color": KIND_COLOURS["linear"], "width": 3},
            },
            text=[f"{point.size:,} px" + "\u2002" * 2],
            textposition=_free_side(point, points, side),
            hoverinfo="skip",
            cliponaxis=False,
        )
    _image_line(fig, side, max(point.size for point in points))
    fig.update_xaxes(title="convolutions and poolings on the longest way", rangemode="tozero")
    _finish(fig)
    return fig


def _free_side(point: Point, points: Sequence[Point], side: int) -> str:
    """Above the marker, unless the line of the image runs there; to the right near the left end."""
    highest = max(side, *(p.size for p in points))
    room = side - point.size
    height = "top"
    if 0 <= room < highest / 8:
        height = "bottom" if room < highest / 30 else "middle"
    return f"{height} {'right' if point.depth < max(p.depth for p in points) / 6 else 'left'}"


def of_rows(rows: Sequence[Row], side: int) -> go.Figure:
    """One bar a layer of a stack: the receptive field after it."""
    fig = go.Figure()
    fig.add_bar(
        x=[number + 1 for number in range(len(rows))],
        y=[row.receptive_field for row in rows],
        marker_color=[KIND_COLOURS.get(row.layer.kind, NEUTRAL) for row in rows],
        text=[f"{row.receptive_field:,}" for row in rows] if len(rows) <= 24 else None,
        textposition="outside",
        cliponaxis=False,
        customdata=[layer_name(row.layer) for row in rows],
        hovertemplate="row %{x}: %{customdata}<br>%{y:,} px<extra></extra>",
    )
    if rows and rows[-1].receptive_field > side / 3:
        _image_line(fig, side, rows[-1].receptive_field)
    fig.update_xaxes(title="row", dtick=1 if len(rows) <= 24 else None)
    _finish(fig)
    return fig


def _image_line(fig: go.Figure, side: int, largest: int) -> None:
    """Named where the rising line is not: at the right below it, if that ends far above."""
    fig.add_hline(
        y=side,
        line={"color": NEUTRAL, "dash": "dash", "width": 2},
        annotation_text=f"side of the image: {side}",
        annotation_position="bottom right" if largest > 2.5 * side else "top left",
    )


def _finish(fig: go.Figure) -> None:
    fig.update_yaxes(title="receptive field (px)", rangemode="tozero", tickformat=",")
    layout.finish(fig)
    fig.update_layout(showlegend=False, margin_t=24)
