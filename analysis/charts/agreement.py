"""How often networks agree, as a heat map with the numbers in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.charts import layout
from analysis.charts.names import short_names
from analysis.vision.overlay import SEQUENTIAL

_CELL = 62  # pixels


def heat(names: Sequence[str], shares: np.ndarray) -> go.Figure:
    """A square of shares from 0 to 1; yellow is the most. Empty where there is none to give.

    Args:
        names: of the networks, for rows and columns.
        shares: (M, M), as `analysis.vision.predicting.agreement` gives them.
    """
    short = short_names(list(names))
    labels = [short[name] for name in names]
    known = shares[~np.isnan(shares)]
    fig = go.Figure()
    fig.add_heatmap(
        z=shares,
        x=list(range(len(labels))),
        y=list(range(len(labels))),
        text=[["" if np.isnan(s) else percent(s) for s in row] for row in shares],
        texttemplate="%{text}",
        textfont_size=layout.FONT + 1,
        colorscale=[
            [at, f"rgb{colour}"]
            for at, colour in zip(np.linspace(0, 1, len(SEQUENTIAL)), SEQUENTIAL, strict=True)
        ],
        zmin=float(known.min()) if len(known) else 0,
        zmax=max(float(known.max()), float(known.min()) + 1e-9) if len(known) else 1,
        showscale=False,
        hoverinfo="skip",
        xgap=3,
        ygap=3,
    )
    ticks = {"tickvals": list(range(len(labels))), "ticktext": labels, "showgrid": False}
    fig.update_xaxes(**ticks, side="bottom", zeroline=False, tickangle=-30)
    fig.update_yaxes(**ticks, autorange="reversed", zeroline=False)
    layout.finish(fig, 130 + _CELL * len(labels))
    return fig
