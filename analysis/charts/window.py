"""A picture, or a heat map of its size, with the window of one value drawn over it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS
from analysis.structure.window_on_input import Window

TRUE, CLIPPED = KIND_COLOURS["linear"], KIND_COLOURS["max pooling"]
_FRAME = 0.04  # of the shown side, left free around it


def on_picture(picture: np.ndarray, window: Window, height: int = 380) -> go.Figure:
    """The picture with the window: dashed as it is, solid the part that lies on the image.

    `picture` is (H, W, 3) uint8 with the sides `window.image`, or a whole multiple of them.
    """
    rows, columns = window.image
    fig = go.Figure()
    fig.add_layout_image(
        source=Image.fromarray(picture),
        xref="x",
        yref="y",
        x=0,
        y=0,
        sizex=columns,
        sizey=rows,
        sizing="stretch",
        layer="below",
    )
    if window.is_clipped:
        _box(fig, window, TRUE, "dash")
    _box(fig, window.clipped, CLIPPED, "solid")
    _frame(fig, window)
    layout.finish(fig, height)
    fig.update_layout(showlegend=False, plot_bgcolor="rgba(138,144,160,0.12)")
    return fig


def _box(fig: go.Figure, window: Window, colour: str, dash: str) -> None:
    top, left = window.first
    bottom, right = window.end
    fig.add_scatter(
        x=[left, right, right, left, left],
        y=[top, top, bottom, bottom, top],
        mode="lines",
        line={"color": colour, "width": 4 if dash == "solid" else 2.5, "dash": dash},
        hovertemplate=f"rows {top} to {bottom - 1}, columns {left} to {right - 1}<extra></extra>",
    )


def _frame(fig: go.Figure, window: Window) -> None:
    """Axes that hold the image and the whole window, rows downwards, pixels square."""
    first = [min(0, f) for f in window.first]
    end = [max(n, e) for n, e in zip(window.image, window.end, strict=True)]
    free = _FRAME * max(e - f for f, e in zip(first, end, strict=True))
    fig.update_yaxes(range=[end[0] + free, first[0] - free], showgrid=False, zeroline=False)
    fig.update_xaxes(range=[first[1] - free, end[1] + free], showgrid=False, zeroline=False)
    fig.update_yaxes(scaleanchor="x", constrain="domain")
    fig.update_xaxes(constrain="domain")
