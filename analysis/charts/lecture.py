"""What becomes of the claims of each deck, as stacked bars."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import VERDICT_COLOURS

_PER_DECK = 56  # pixels
_LEGEND = 90


def bars(counts: pd.DataFrame, names: dict[str, str]) -> go.Figure:
    """One bar a deck, one part a verdict, with its number.

    `counts` is what `analysis.structure.lecture.by_deck` returns; `names` gives the words for its
    columns. The title of a deck stands above its bar, so that it fits on a phone.
    """
    fig = go.Figure()
    decks = list(counts.index)
    for verdict, name in names.items():
        values = counts[verdict]
        fig.add_bar(
            y=decks,
            x=values,
            name=name,
            orientation="h",
            width=0.5,
            marker_color=VERDICT_COLOURS[verdict],
            text=[str(value) if value else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont_color="white",
            hovertemplate=f"%{{y}}<br>%{{x}} {name}<extra></extra>",
        )
    for deck in decks:
        fig.add_annotation(
            x=0,
            y=deck,
            text=deck,
            showarrow=False,
            xanchor="left",
            yshift=23,
            font_size=layout.TICKS,
        )
    most = int(counts.sum(axis=1).max()) or 1
    fig.update_xaxes(visible=False, range=[0, most])
    fig.update_yaxes(visible=False, autorange="reversed")
    layout.finish(fig, height=_PER_DECK * len(decks) + _LEGEND)
    fig.update_layout(
        barmode="stack", legend_traceorder="normal", uniformtext={"minsize": 11, "mode": "hide"}
    )
    return fig
