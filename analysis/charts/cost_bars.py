"""Ways to build a block as bars, stacked by their layers."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.amounts import exact, short
from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS, NEUTRAL, WINDOW_COLOURS
from analysis.structure.costs import COSTS, Side, Term

_ROW = 92  # pixels for a bar and the name above it
_FRAME = 96  # pixels for legend, axis and its title
_SPLIT = ("in groups", "depthwise")  # kinds whose channels are divided: hatched


def bars(sides: Sequence[Side], cost: str) -> go.Figure:
    """One bar a side, the first on top, one piece a layer; `cost` is a key of COSTS.

    Convolutions of one window have one colour; grouped and depthwise ones are hatched.
    """
    fig = go.Figure()
    told: set[str] = set()
    for row, side in enumerate(sides):
        for term in side.terms:
            if term.amount(cost):
                _add_piece(fig, term, row, cost, is_first=term.kind not in told)
                told.add(term.kind)
        _name(fig, side, row, cost)
    _finish(fig, len(sides), cost)
    return fig


def _add_piece(fig: go.Figure, term: Term, row: int, cost: str, is_first: bool) -> None:
    value, unit = term.amount(cost), COSTS[cost].unit
    fig.add_bar(
        x=[value],
        y=[row],
        orientation="h",
        name=term.kind,
        legendgroup=term.kind,
        showlegend=is_first,
        marker={"color": _colour(term.kind), "pattern": _pattern(term.kind)},
        text=[f"{term.label}: {short(value)}"],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        hovertemplate=f"<b>{term.label}</b><br>{term.numbers_of(cost)}<br>"
        f"= {exact(value)} {unit}<extra></extra>",
    )


def _name(fig: go.Figure, side: Side, row: int, cost: str) -> None:
    fig.add_annotation(
        x=0,
        y=row,
        yshift=33,
        text=f"{side.name}: <b>{short(side.amount(cost))}</b>",
        xanchor="left",
        showarrow=False,
        font_size=layout.FONT + 1,
    )


def _colour(kind: str) -> str:
    window = next((word for word in kind.split() if word in WINDOW_COLOURS), "")
    return WINDOW_COLOURS.get(window) or KIND_COLOURS.get(kind, NEUTRAL)


def _pattern(kind: str) -> dict[str, object]:
    if not any(word in kind for word in _SPLIT):
        return {}
    return {"shape": "/", "bgcolor": _colour(kind), "fgcolor": "white", "fgopacity": 0.4, "size": 8}


def _finish(fig: go.Figure, rows: int, cost: str) -> None:
    layout.finish(fig, height=rows * _ROW + _FRAME)
    fig.update_traces(marker_line={"color": "rgba(255,255,255,0.7)", "width": 1})
    fig.update_xaxes(title=COSTS[cost].label, tickformat=".3~s", rangemode="tozero")
    fig.update_yaxes(visible=False, range=[rows - 0.5, -0.75])  # room for the name above a bar
    fig.update_layout(
        barmode="stack",
        bargap=0.56,
        uniformtext={"minsize": 12, "mode": "hide"},
        legend_traceorder="normal",
    )
