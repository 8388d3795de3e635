"""How the value of a unit grows while an image is climbed, and what real pictures give."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import NEUTRAL


def climb(values: Sequence[float], best: float, middle: float, colour: str) -> go.Figure:
    """A line over the steps, with the strongest and the middle real picture as level lines."""
    fig = go.Figure()
    fig.add_scatter(
        x=list(range(len(values))),
        y=list(values),
        mode="lines",
        line={"color": colour, "width": 3},
        hovertemplate="step %{x}: %{y:.3g}<extra></extra>",
    )
    for level, name, dash in (
        (best, "strongest real picture", "dash"),
        (middle, "middle real picture", "dot"),
    ):
        fig.add_hline(
            y=level,
            line={"color": NEUTRAL, "width": 2, "dash": dash},
            annotation={"text": name, "font_size": layout.TICKS},
            annotation_position="top right" if name.startswith("s") else "bottom right",
        )
    fig.update_xaxes(title="step", showgrid=False)
    fig.update_yaxes(title="value", zeroline=False, nticks=5)
    layout.finish(fig, 260)
    fig.update_layout(showlegend=False)
    return fig
