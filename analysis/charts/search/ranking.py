"""Networks by shared weights, held against their own training."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.search.colours import CONTROLLER
from analysis.experiments.search.sharing import Ranking


def shared_against_true(ranking: Ranking) -> go.Figure:
    """One dot a network: accuracy by its own training to the right, with shared weights upwards."""
    fig = go.Figure()
    fig.add_scatter(
        x=100 * ranking.true,
        y=100 * ranking.shared,
        mode="markers",
        marker={"color": CONTROLLER, "size": 9, "opacity": 0.6},
        customdata=ranking.numbers,
        hovertemplate="network %{customdata}<br>own training: %{x:.1f}%<br>"
        "shared weights: %{y:.1f}%<extra></extra>",
    )
    fig.update_xaxes(title="accuracy by its own training, in %", zeroline=False)
    fig.update_yaxes(title="accuracy with shared weights, in %", zeroline=False)
    layout.finish(fig)
    fig.update_layout(showlegend=False)
    return fig
