"""DenseNet's reuse map as a heat map: Huang et al. (CVPR 2017), Figure 5."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import NEUTRAL
from analysis.vision.paths.reuse import ReuseMap


def heat_map(found: ReuseMap, number: int) -> go.Figure:
    """Sources downwards, readers to the right; each column over its largest weight.

    The colours go from the smallest of these shares to 1, so that small differences can be seen.
    """
    shares = found.relative
    low = float(np.nanmin(shares))
    fig = go.Figure()
    fig.add_heatmap(
        z=shares,
        x=list(found.readers),
        y=["input", *(str(source) for source in range(1, len(shares)))],
        zmin=low,
        zmax=1,
        colorscale="Viridis",
        xgap=1,
        ygap=1,
        colorbar={
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "thickness": 12,
            "len": 0.8,  # room for the numbers at its ends
            "tickvals": [low, 1],
            "ticktext": [f"{low:.0%}", "100%"],
            "tickfont_size": layout.TICKS,
            "ticklabelposition": "outside top",
        },
        customdata=found.weights,
        hovertemplate="reader %{x}, source %{y}<br>mean |w| %{customdata:.3g}, "
        "%{z:.0%} of this reader's largest<extra></extra>",
        hoverongaps=False,
    )
    fig.add_vline(x=len(found.readers) - 1.5, line={"color": NEUTRAL, "width": 2})
    fig.update_xaxes(
        title=f"reader in block {number}", type="category", tickangle=-60, showgrid=False
    )
    fig.update_yaxes(title="source", type="category", autorange="reversed", showgrid=False)
    layout.finish(fig)
    return fig
