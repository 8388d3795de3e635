"""What all charts have in common, so that they read as one book from the last row."""

from __future__ import annotations

import plotly.graph_objects as go

FONT = 15
TICKS = 14
HEIGHT = 420  # pixels


def finish(fig: go.Figure, height: int = HEIGHT) -> None:
    """Letters that can be read at three metres, margins that fit, the legend above the plot.

    Axes do not zoom, since a finger that scrolls a page on a phone would.
    """
    fig.update_xaxes(tickfont_size=TICKS, fixedrange=True)
    fig.update_yaxes(tickfont_size=TICKS, fixedrange=True)
    fig.update_layout(
        height=height,
        font_size=FONT,
        margin={"l": 0, "r": 0, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font_size": FONT},
        hoverlabel_font_size=TICKS,
    )
