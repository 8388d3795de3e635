"""DenseNet's reuse map as a heat map: Huang et al. (CVPR 2017), Figure 5."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.vision.paths.reuse import ReuseMap


def heat_map(found: ReuseMap, number: int, with_scale: bool) -> go.Figure:
    """Sources downwards, readers to the right; each column over its largest weight."""
    sources = ["input", *(str(n) for n in range(1, len(found.weights)))]
    fig = go.Figure()
    fig.add_heatmap(
        z=found.relative,
        x=list(found.readers),
        y=sources,
        zmin=0,
        zmax=1,
        colorscale="Viridis",
        xgap=1,
        ygap=1,
        showscale=with_scale,
        colorbar={"thickness": 12, "tickvals": [0, 0.5, 1], "tickfont_size": layout.TICKS},
        customdata=found.weights,
        hovertemplate="reader %{x}, source %{y}<br>mean |w| %{customdata:.3g}, "
        "%{z:.0%} of this reader's largest<extra></extra>",
        hoverongaps=False,
    )
    fig.add_vline(x=len(found.readers) - 1.5, line={"color": "#8a90a0", "width": 2})
    fig.update_xaxes(title=f"reader in block {number}", type="category", tickangle=-60)
    fig.update_yaxes(title="source", type="category", autorange="reversed")
    layout.finish(fig)
    return fig
