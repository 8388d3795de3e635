"""What becomes of the claims of each deck, as stacked bars of equal length."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import VERDICT_COLOURS

_PER_DECK = 60  # pixels
_LEGEND = 90
_THICK, _ABOVE = 0.5, 0.42  # of a row: the bar, and how far above its middle its title stands


def bars(counts: pd.DataFrame, names: dict[str, str]) -> go.Figure:
    """One bar a deck, one part a verdict: as long as its share, with its number inside.

    `counts` is what `analysis.structure.lecture.by_deck` returns; `names` gives the words for its
    columns. The title of a deck stands above its bar, so that it fits on a phone.
    """
    fig = go.Figure()
    decks, totals = list(counts.index), counts.sum(axis=1)
    rows = list(range(len(decks)))
    for verdict, name in names.items():
        values = counts[verdict]
        fig.add_bar(
            y=rows,
            x=100 * values / totals.clip(lower=1),
            customdata=list(zip(decks, values, strict=True)),
            name=name,
            orientation="h",
            width=_THICK,
            marker_color=VERDICT_COLOURS[verdict],
            text=[str(value) if value else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "white", "size": layout.TICKS},
            constraintext="none",
            hovertemplate=f"%{{customdata[0]}}<br>%{{customdata[1]}}: {name}<extra></extra>",
        )
    fig.add_scatter(
        x=[0] * len(decks),
        y=[row - _ABOVE for row in rows],
        text=[f"{deck}: {totals[deck]} claims" for deck in decks],
        mode="text",
        textposition="middle right",
        textfont_size=layout.TICKS,
        hoverinfo="skip",
        showlegend=False,
    )
    fig.update_xaxes(visible=False, range=[0, 100])
    fig.update_yaxes(visible=False, range=[len(decks) - 1 + _THICK, -2 * _ABOVE])
    layout.finish(fig, height=_PER_DECK * len(decks) + _LEGEND)
    fig.update_layout(barmode="stack", legend_traceorder="normal")
    return fig
