"""The cone of one value in cross-section: a row of cells for each map, from the output down."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS, NEUTRAL
from analysis.structure.cone import Level
from analysis.structure.stack import Row
from analysis.structure.stack_table import layer_name

ROW_HEIGHT = 46  # pixels
MOST_CELLS = 4_000
WIDEST = 300  # input pixels; a cell is then three pixels of the screen

_GAP = 0.08  # of a cell
_MOST_APART = 56  # cells in a row; the gaps of more would be narrower than a pixel of the screen


def can_be_drawn(rows: Sequence[Row]) -> bool:
    """Whether the cells of such a cone could still be told apart."""
    seen = rows[-1].receptive_field if rows else WIDEST + 1
    return seen <= WIDEST and seen + sum(seen // row.jump + 1 for row in rows) <= MOST_CELLS


def cells(levels: Sequence[Level], margin: int = 2, tall: int = 0) -> go.Figure:
    """One row of cells a map; those that the top value depends on are in colour.

    `margin` is how many input pixels beside the cone are shown. A cell is as wide as its map's
    jump, so that it lies over the middle of what it sees. A cone of fewer than `tall` levels is
    stretched to that many, to stand beside a taller one.
    """
    reached = [_edges(level) for level in levels if level.seen]
    left = min(first for first, _ in reached) - margin
    right = max(last for _, last in reached) + margin
    stretch = (max(tall, len(levels)) - 1) / max(1, len(levels) - 1)
    heights = [stretch * number for number in range(len(levels) - 1, -1, -1)]
    fig = go.Figure()
    _bars(fig, levels, heights, (left, right))
    _edge_lines(fig, levels, heights)
    _finish(fig, levels, heights, (left, right))
    return fig


def _bars(
    fig: go.Figure,
    levels: Sequence[Level],
    heights: Sequence[float],
    shown: tuple[float, float],
) -> None:
    drawn = [
        (height, level, run)
        for height, level in zip(heights, levels, strict=True)
        for run in _runs(level, _shown(level, *shown))
    ]
    for is_seen, name, colour in (
        (True, "seen", KIND_COLOURS["convolution"]),
        (False, "not seen", NEUTRAL),
    ):
        kept = [bar for bar in drawn if (bar[2][0] in bar[1].seen) == is_seen]
        fig.add_bar(
            orientation="h",
            base=[level.over(run[0]) - level.jump * (0.5 - _GAP / 2) for _, level, run in kept],
            x=[level.jump * (len(run) - _GAP) for _, level, run in kept],
            y=[height for height, _, _ in kept],
            width=0.62,
            marker_color=colour,
            marker_line_width=0,
            opacity=1 if is_seen else 0.28,
            customdata=[_positions(run) for _, _, run in kept],
            hovertemplate=f"%{{customdata}}, {name}<extra></extra>",
        )


def _shown(level: Level, left: float, right: float) -> range:
    """Positions of a map whose cells lie, at least in part, between two places."""
    first = floor((left - level.centre) / level.jump - 0.5) + 1
    end = ceil((right - level.centre) / level.jump + 0.5)
    return range(max(0, first), min(level.size, end))


def _runs(level: Level, shown: range) -> list[range]:
    """One run a cell, or where cells are too narrow for gaps one for all that are alike."""
    if len(shown) <= _MOST_APART:
        return [range(place, place + 1) for place in shown]
    seen = set(level.seen)
    begins = [
        place for place in shown if place == shown.start or (place in seen) != (place - 1 in seen)
    ]
    return [range(*ends) for ends in pairwise([*begins, shown.stop])]


def _positions(run: range) -> str:
    return f"position {run[0]}" if len(run) == 1 else f"positions {run[0]} to {run[-1]}"


def _edges(level: Level) -> tuple[float, float]:
    """Where the seen cells of a level begin and end."""
    half = level.jump / 2
    return level.over(level.seen[0]) - half, level.over(level.seen[-1]) + half


def _edge_lines(fig: go.Figure, levels: Sequence[Level], heights: Sequence[float]) -> None:
    for side in (0, 1):
        fig.add_scatter(
            x=[_edges(level)[side] for level in levels if level.seen],
            y=[height for height, level in zip(heights, levels, strict=True) if level.seen],
            mode="lines",
            line={"color": KIND_COLOURS["max pooling"], "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )


def _finish(
    fig: go.Figure,
    levels: Sequence[Level],
    heights: Sequence[float],
    shown: tuple[float, float],
) -> None:
    fig.update_xaxes(range=shown, title="pixels of the input", zeroline=False, showgrid=False)
    fig.update_yaxes(
        tickvals=list(heights),
        ticktext=[_label(level) for level in levels],
        range=[-0.5, heights[0] + 0.5],
        showgrid=False,
        zeroline=False,
    )
    layout.finish(fig, max(200, int(80 + ROW_HEIGHT * (heights[0] + 1))))
    fig.update_layout(bargap=0, barmode="overlay", showlegend=False)


def _label(level: Level) -> str:
    """What made the map, and how many of its values are seen."""
    made = "input" if level.made_by is None else layer_name(level.made_by.layer)
    short = (
        made.replace("convolution", "conv").replace(" pooling", " pool").replace("average", "avg")
    )
    return f"{short}: <b>{len(level.seen)}</b>"
