"""What becomes of the claims of each deck, as stacked bars of equal length."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import VERDICT_COLOURS

_PER_DECK = 60  # pixels
_LEGEND = 90


def bars(counts: pd.DataFrame, names: dict[str, str]) -> go.Figure:
    """One bar a deck, one part a verdict: as long as its share, with its number inside.

    `counts` is what `analysis.structure.lecture.by_deck` returns; `names` gives the words for its
    columns. The title of a deck stands above its bar, so that it fits on a phone.
    """
    fig = go.Figure()
    decks, totals = list(counts.index), counts.sum(axis=1)
    for verdict, name in names.items():
        values = counts[verdict]
        fig.add_bar(
            y=decks,
            x=100 * values / totals.clip(lower=1),
            customdata=values,
            name=name,
            orientation="h",
            width=0.5,
            marker_color=VERDICT_COLOURS[verdict],
            text=[str(value) if value else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "white", "size": layout.TICKS},
            constraintext="none",
            hovertemplate=f"%{{y}}<br>%{{customdata}}: {name}<extra></extra>",
        )
    for deck in decks:
        fig.add_annotation(
            x=0,
            y=deck,
            text=f"{deck}: {totals[deck]} claims",
            showarrow=False,
            xanchor="left",
            yshift=26,
            font_size=layout.TICKS,
        )
    fig.update_xaxes(visible=False, range=[0, 100])
    fig.update_yaxes(visible=False, autorange="reversed")
    layout.finish(fig, height=_PER_DECK * len(decks) + _LEGEND)
    fig.update_layout(barmode="stack", legend_traceorder="normal")
    return fig
