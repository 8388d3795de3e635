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
    names = short_names([run.name for run in runs])
    left = _heights([run.macs for run in runs])
    right = _heights([run.milliseconds for run in runs])
    least = min(run.milliseconds for run in runs)
    for place, (run, family) in enumerate(zip(runs, families, strict=True)):
        low, high = (log10(1000 * q / least) for q in run.timing.spread.quartiles)
        fig.add_scatter(
            x=[0, 1],
            y=[left[place], right[place]],
            mode="lines+markers",
            marker_size=11,
            line={
                "color": family_colour(family),
                "width": 4,
                "dash": DASHES[list(families[:place]).count(family)],
            },
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
    ends = (
        (0, left, [f"<b>{names[run.name]}</b><br>{short(run.macs)}" for run in runs], "right"),
        (1, right, [f"<b>{names[run.name]}</b><br>{_time(run)}" for run in runs], "left"),
    )
    for x, heights, texts, anchor in ends:
        for at, text in zip(_spread_out(heights, span), texts, strict=True):
            fig.add_annotation(
                x=x,
                y=at,
                text=text,
                showarrow=False,
                xanchor=anchor,
                xshift=-14 if x == 0 else 14,
                align=anchor,
                font_size=layout.TICKS,
            )
    room = 0.12 * max(span, 0.3)
    fig.update_xaxes(
        range=[-0.75, 1.75],
        tickvals=[0, 1],
        ticktext=["multiply-adds", "time"],
        side="top",
        showgrid=False,
        zeroline=False,
    )
    slowest = max(log10(1000 * run.timing.spread.quartiles[1] / least) for run in runs)
    fig.update_yaxes(range=[-room, max(span, slowest) + room], visible=False)
    layout.finish(fig, HEIGHT)
    return fig


def _time(run: Run) -> str:
    return milliseconds(run.milliseconds)


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
