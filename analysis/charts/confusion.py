"""A confusion matrix: which class was taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.charts import layout

_ROW = 44  # pixels
_LEAST = 300


def matrix(counts: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """Right classes downwards, answers to the right; the colour is the share of a row.

    Args:
        counts: (classes, classes), a row for each right class.
        classes: their names, in order.
    """
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    numbers = [str(place) for place in range(len(classes))]  # two classes may look alike
    fig = go.Figure()
    fig.add_heatmap(
        z=shares,
        x=numbers,
        y=numbers,
        zmin=0,
        zmax=1,
        colorscale="Viridis",
        showscale=False,
        xgap=2,
        ygap=2,
        text=[[f"{count}" if count else "" for count in row] for row in counts.tolist()],
        texttemplate="%{text}",
        textfont_size=layout.FONT,
        customdata=counts,
        hovertemplate="%{customdata} pictures, %{z:.0%} of the class<extra></extra>",
    )
    names = {"tickvals": numbers, "ticktext": list(classes), "showgrid": False}
    fig.update_xaxes(title="answer", type="category", side="top", **names)
    fig.update_yaxes(title="right class", type="category", autorange="reversed", **names)
    layout.finish(fig, max(_LEAST, 120 + _ROW * len(classes)))
    return fig
