"""Many small pictures in rows, each with its number over it and each to be clicked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS

CHOSEN = KIND_COLOURS["max pooling"]
_SIDE = 112  # pixels that a tile should have at least, so that its squares stay sharp
_FREE = 0.06  # of a cell, between tiles
_HEAD = 0.46  # of a tile's height, for the words over it


def tile_grid(
    pictures: Sequence[np.ndarray],
    heads: Sequence[str],
    numbers: Sequence[int],
    chosen: int | None = None,
    columns: int = 6,
    row_height: int = 142,
) -> go.Figure:
    """Pictures (h, w, 3) uint8 in reading order, with one or two lines (`<br>`) over each.

    A click gives the tile's number as `customdata`; the tile with the number `chosen` is framed.
    """
    fig = go.Figure()
    rows = -(-len(pictures) // columns)
    for at, (picture, head) in enumerate(zip(pictures, heads, strict=True)):
        row, column = divmod(at, columns)
        _place(fig, picture, head, row * (1 + _HEAD), column)
    _targets(fig, heads, numbers, chosen, columns)
    fig.update_xaxes(range=[0, columns], visible=False)
    fig.update_yaxes(range=[rows * (1 + _HEAD), 0], visible=False)
    layout.finish(fig, max(1, rows) * row_height)
    fig.update_layout(
        showlegend=False,
        bargap=0,
        barmode="overlay",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )
    return fig


def _place(fig: go.Figure, picture: np.ndarray, head: str, top: float, column: int) -> None:
    fig.add_layout_image(
        source=Image.fromarray(_enlarged(picture)),
        xref="x",
        yref="y",
        x=column + 0.5,
        y=top + _HEAD,
        sizex=1 - _FREE,
        sizey=1 - _FREE,
        xanchor="center",
        yanchor="top",
        sizing="contain",
        layer="below",
    )
    fig.add_annotation(
        x=column + 0.5,
        y=top + _HEAD - 0.01,
        text=head,
        showarrow=False,
        yanchor="bottom",
        align="center",
        font_size=layout.TICKS,
    )


def _targets(
    fig: go.Figure,
    heads: Sequence[str],
    numbers: Sequence[int],
    chosen: int | None,
    columns: int,
) -> None:
    """Bars that nobody sees, one over each tile: of all traces they alone are clicked anywhere."""
    tops = [at // columns * (1 + _HEAD) for at in range(len(numbers))]
    same = {"opacity": 1}  # a click must not fade the others
    fig.add_bar(
        x=[at % columns + 0.5 for at in range(len(numbers))],
        y=[1 + _HEAD - _FREE / 2] * len(numbers),
        base=tops,
        width=1 - _FREE / 2,
        customdata=[[number] for number in numbers],
        hovertext=heads,
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "color": "rgba(0,0,0,0)",
            "line": {
                "color": CHOSEN,
                "width": [3 if number == chosen else 0 for number in numbers],
            },
        },
        selected={"marker": same},
        unselected={"marker": same},
    )


def _enlarged(picture: np.ndarray) -> np.ndarray:
    times = max(1, -(-_SIDE // min(picture.shape[:2])))
    return picture.repeat(times, axis=0).repeat(times, axis=1)
