"""Two rankings side by side, a line for each network: lines that cross change the order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log10

import plotly.graph_objects as go

from analysis.amounts import short
from analysis.charts import layout
from analysis.charts.names import short_names
from analysis.charts.palette import DASHES, family_colour
from analysis.vision.orders import Run, milliseconds

HEIGHT = 460  # pixels
_APART = 0.075  # of the height, between two names


def slopes(runs: Sequence[Run], families: Sequence[str]) -> go.Figure:
    """Multiply-adds on the left, measured time on the right, both as factors of the smallest.

    One logarithmic scale serves both sides, so that equal factors are equal heights. The bar at
    the right end holds the middle half of the passes. `families` gives each run's family.
    """
    fig = go.Figure()
    left = _heights([run.macs for run in runs])
    right = _heights([run.milliseconds for run in runs])
    least = min(run.milliseconds for run in runs)
    for place, (run, family) in enumerate(zip(runs, families, strict=True)):
        low, high = (log10(1000 * q / least) for q in run.timing.spread.quartiles)
        dash = DASHES[list(families[:place]).count(family)]
        fig.add_scatter(
            x=[0, 1],
            y=[left[place], right[place]],
            mode="lines+markers",
            marker_size=11,
            line={"color": family_colour(family), "width": 4, "dash": dash},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [0, high - right[place]],
                "arrayminus": [0, right[place] - low],
                "width": 7,
            },
            hoverinfo="skip",
            showlegend=False,
        )
    span = max([*left, *right])
    names = short_names([run.name for run in runs])
    counts = [f"<b>{names[run.name]}</b><br>{short(run.macs)}" for run in runs]
    times = [f"<b>{names[run.name]}</b><br>{milliseconds(run.milliseconds)}" for run in runs]
    _name_ends(fig, 0, _spread_out(left, span), counts)
    _name_ends(fig, 1, _spread_out(right, span), times)
    slowest = max(log10(1000 * run.timing.spread.quartiles[1] / least) for run in runs)
    _frame(fig, span, slowest)
    return fig


def _name_ends(fig: go.Figure, x: int, heights: Sequence[float], texts: Sequence[str]) -> None:
    """Texts beside the left (0) or the right end (1) of the lines."""
    anchor = "left" if x else "right"
    for at, text in zip(heights, texts, strict=True):
        fig.add_annotation(
            x=x,
            y=at,
            text=text,
            showarrow=False,
            xanchor=anchor,
            xshift=14 if x else -14,
            align=anchor,
            font_size=layout.TICKS,
        )


def _frame(fig: go.Figure, span: float, slowest: float) -> None:
    room = 0.12 * max(span, 0.3)
    fig.update_xaxes(
        range=[-0.75, 1.75],
        tickvals=[0, 1],
        ticktext=["multiply-adds", "time"],
        side="top",
        showgrid=False,
        zeroline=False,
    )
    fig.update_yaxes(range=[-room, max(span, slowest) + room], visible=False)
    layout.finish(fig, HEIGHT)


def _heights(values: Sequence[float]) -> list[float]:
    return [log10(value / min(values)) for value in values]


def _spread_out(heights: Sequence[float], span: float) -> list[float]:
    """The heights, moved apart so far that texts of two lines do not cover each other."""
    apart = 1.6 * _APART * max(span, 0.3)
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = list(heights)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + apart)
    shift = sum(moved) / len(moved) - sum(heights) / len(heights)
    return [height - shift for height in moved]
