"""Small networks that were made larger in one or two directions: accuracy against cost."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.amounts import short
from analysis.charts import layout, log_axis
from analysis.charts.palette import KIND_COLOURS, NEUTRAL
from analysis.experiments.studies.scaling import Point

_COLOURS = {
    "nothing": NEUTRAL,
    "depth": KIND_COLOURS["convolution"],
    "width": KIND_COLOURS["linear"],
    "resolution": KIND_COLOURS["batch norm"],
}
_TWO, _THREE = KIND_COLOURS["addition"], KIND_COLOURS["multiplication"]


def against_cost(points: Sequence[Point], axis: str) -> go.Figure:
    """Cost to the right (logarithmic), accuracy upwards, as in the landscape; one dot a design.

    Colours tell in which direction the base was made larger.
    """
    fig = go.Figure()
    for point in points:
        colour = _colour(point.grown)
        fig.add_scatter(
            x=[point.cost],
            y=[100 * point.accuracy],
            name="the base" if point.grown == "nothing" else f"more {point.grown}",
            mode="markers",
            marker={"color": colour, "size": 16, "symbol": _symbol(point.grown)},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [100 * (point.high - point.accuracy)],
                "arrayminus": [100 * (point.accuracy - point.low)],
                "width": 7,
                "thickness": 2,
            },
            hovertemplate=f"<b>{point.label}</b><br>{short(point.cost)} {axis}<br>"
            "%{y:.1f}%<extra></extra>",
        )
    low, high = log_axis.span([point.cost for point in points])
    marks = log_axis.ticks(low, high)
    fig.update_xaxes(
        type="log",
        title=axis,
        range=[low, high],
        tickvals=marks,
        ticktext=[short(mark) for mark in marks],
    )
    fig.update_yaxes(title="test accuracy in %", zeroline=False)
    layout.finish(fig, 520)
    return fig


def _colour(grown: str) -> str:
    directions = len(grown.replace(" and ", ", ").split(", "))
    return _COLOURS.get(grown, _TWO if directions == 2 else _THREE)


def _symbol(grown: str) -> str:
    """Pictures of more pixels are diamonds."""
    return "diamond" if "resolution" in grown else "circle"
