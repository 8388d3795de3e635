"""An average as bars, and what it is the average of as dots on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.charts import layout
from analysis.charts.palette import NEUTRAL
from analysis.vision.prediction import Prediction

# Networks of one family have one colour; in this chart their marks tell them apart.
SYMBOLS = ("circle", "diamond", "square", "triangle-up")
_ROW = 44  # pixels


@dataclass(frozen=True)
class Dots:
    """One member: `shares` are its probabilities of the classes of the bars, in their order."""

    label: str
    shares: Sequence[float] | np.ndarray
    colour: str
    symbol: str = "circle"
    in_legend: bool = True


def bars_with_dots(
    rows: Sequence[Prediction], label: str, dots: Sequence[Dots], colour: str = NEUTRAL
) -> go.Figure:
    """One bar a class, the most likely on top, with a dot on it for each member's probability."""
    fig = go.Figure()
    fig.add_bar(
        x=[100 * row.probability for row in rows],
        y=[row.rank for row in rows],
        text=[percent(row.probability) for row in rows],
        orientation="h",
        marker_color=colour,
        opacity=0.45,
        textposition="none",
        name=label,
        hovertemplate=f"{label}: %{{text}}<extra></extra>",
    )
    for member in dots:
        fig.add_scatter(
            x=[100 * share for share in member.shares],
            y=[row.rank for row in rows],
            mode="markers",
            marker={"color": member.colour, "symbol": member.symbol, "size": 13, "opacity": 0.85},
            name=member.label,
            showlegend=member.in_legend,
            cliponaxis=False,
            hovertemplate=f"{member.label}: %{{x:.1f}}%<extra></extra>",
        )
    for row in rows:  # at the right end, where no dot covers it
        fig.add_annotation(
            x=1, xref="paper", y=row.rank, text=f"<b>{percent(row.probability)}</b>",
            showarrow=False, xanchor="right", font_size=layout.FONT,
        )  # fmt: skip
    _frame(fig, rows)
    return fig


def one_in_legend(dots: Sequence[Dots]) -> list[Dots]:
    """The same, with one entry of the legend for all dots of one label."""
    labels = [dot.label for dot in dots]
    return [
        replace(dot, in_legend=dot.label not in labels[:place]) for place, dot in enumerate(dots)
    ]


def _frame(fig: go.Figure, rows: Sequence[Prediction]) -> None:
    ticks = (0, 50, 100)
    fig.update_xaxes(
        range=[-3, 158], tickvals=ticks, ticktext=[f"{tick}%" for tick in ticks], zeroline=False
    )
    # Ranks and not names are the categories: two of the 1000 classes can share a name.
    fig.update_yaxes(
        tickvals=[row.rank for row in rows],
        ticktext=[row.name for row in rows],
        autorange="reversed",
        showgrid=False,
    )
    layout.finish(fig, 110 + _ROW * len(rows))
    fig.update_layout(bargap=0.35)
