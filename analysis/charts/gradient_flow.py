"""How a signal and its gradient get through, and the loss around a network."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.bands import Band, bands
from analysis.charts.colour_scale import scale
from analysis.charts.palette import DASHES, KIND_COLOURS
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.flow import WAYS
from analysis.vision.overlay import SEQUENTIAL


def flows(rows: pd.DataFrame, title: str) -> go.Figure:
    """One line a network along its layers; `rows` is what `flow.over_seeds` gives."""
    lines = [
        Band(
            WAYS[str(way)].label,
            part["layer"],
            part["mean"],
            KIND_COLOURS[WAYS[str(way)].colour],
            part["low"],
            part["high"],
            DASHES[list(WAYS).index(str(way))],
        )
        for way, part in rows.groupby("way", sort=False)
    ]
    return bands(lines, "layer, from the image to the answer", title, log_y=True, height=450)


def loss_maps(rows: pd.DataFrame, seed: int) -> dict[str, go.Figure]:
    """The loss around each network in colour, all on one logarithmic scale."""
    own = where(rows, seed=seed)
    logs = np.log10(own["loss"].to_numpy().clip(1e-4))
    low, high = float(np.floor(logs.min())), float(np.ceil(logs.max()))
    figures = {}
    for name, part in own.groupby("network", sort=False):
        grid = part.pivot(index="y", columns="x", values="loss")
        figures[str(name)] = _loss_map(grid, low, high)
    return figures


def _loss_map(grid: pd.DataFrame, low: float, high: float) -> go.Figure:
    powers = list(range(int(low), int(high) + 1))
    fig = go.Figure()
    fig.add_contour(
        x=grid.columns,
        y=grid.index,
        z=np.log10(grid.to_numpy().clip(1e-4)),
        zmin=low,
        zmax=high,
        contours={"start": low, "end": high, "size": 0.25},
        line_width=0.6,
        colorscale=scale(SEQUENTIAL),
        colorbar={
            "title": "loss",
            "thickness": 14,
            "tickvals": powers,
            "ticktext": [f"{10.0**power:g}" for power in powers],
            "tickfont_size": layout.TICKS,
        },
        customdata=grid,
        hovertemplate="%{x:.2f}, %{y:.2f}<br>loss %{customdata:.3g}<extra></extra>",
    )
    fig.add_scatter(
        x=[0],
        y=[0],
        mode="markers",
        marker={"symbol": "cross", "size": 13, "color": "white", "line": {"width": 1.5}},
        hoverinfo="skip",
        showlegend=False,
    )
    fig.update_xaxes(title="first direction", constrain="domain")
    fig.update_yaxes(title="second direction", scaleanchor="x", constrain="domain")
    layout.finish(fig, 420)
    return fig
