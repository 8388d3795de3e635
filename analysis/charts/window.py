"""A picture, or a heat map of its size, with the window of one value drawn over it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS
from analysis.structure.window_on_input import Window

TRUE, CLIPPED = KIND_COLOURS["linear"], KIND_COLOURS["max pooling"]
_LEAST, _MOST = 170, 380  # pixels of height
_FRAME = 0.04  # of the shown side, left free around it


def on_picture(picture: np.ndarray, window: Window, height: int = _MOST) -> go.Figure:
    """The picture with the window: dashed as it is, solid the part that lies on the image.

    `picture` is (H, W, 3) uint8 of the whole image, at any size.
    """
    fig = _laid(picture, Window((0, 0), window.image, window.image))
    if window.is_clipped:
        _box(fig, window, TRUE, "dash")
    _box(fig, window.clipped, CLIPPED, "solid")
    first = tuple(min(0, f) for f in window.first)
    end = tuple(max(n, e) for n, e in zip(window.image, window.end, strict=True))
    _frame(fig, Window(first, end, window.image))
    _finish(fig, height)
    return fig


def near(picture: np.ndarray, window: Window) -> go.Figure:
    """A picture of the window's surroundings alone, with the part of the window that lies there.

    `picture` is (h, w, 3) uint8 of what `Window.surroundings` names, at any size.
    """
    fig = _laid(picture, window.surroundings)
    _box(fig, window.clipped, CLIPPED, "solid")
    _frame(fig, window.surroundings)
    rows, columns = window.surroundings.size
    _finish(fig, max(_LEAST, min(_MOST, 40 + _MOST * rows // columns)))
    return fig


def _laid(picture: np.ndarray, place: Window) -> go.Figure:
    """A figure with the picture over these rows and columns."""
    fig = go.Figure()
    fig.add_layout_image(
        source=Image.fromarray(picture),
        xref="x",
        yref="y",
        x=place.first[1],
        y=place.first[0],
        sizex=place.size[1],
        sizey=place.size[0],
        sizing="stretch",
        layer="below",
    )
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


def _frame(fig: go.Figure, shown: Window) -> None:
    """Axes around what is shown, rows downwards, pixels square."""
    (top, left), (bottom, right) = shown.first, shown.end
    free = _FRAME * max(shown.size)
    fig.update_yaxes(range=[bottom + free, top - free], scaleanchor="x")
    fig.update_xaxes(range=[left - free, right + free])


def _finish(fig: go.Figure, height: int) -> None:
    for update in (fig.update_xaxes, fig.update_yaxes):
        update(showgrid=False, zeroline=False, constrain="domain")
    layout.finish(fig, height)
    fig.update_layout(showlegend=False, plot_bgcolor="rgba(138,144,160,0.12)")
