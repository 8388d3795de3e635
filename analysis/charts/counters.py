"""Four counts of one network side by side, and what each tool adds or leaves out."""

from __future__ import annotations

from collections import defaultdict

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.amounts import short
from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS, NEUTRAL
from analysis.structure.counters import causes
from analysis.structure.counters.differences import Account, Comparison
from analysis.structure.counters.tables import OURS

HEIGHT = 600
SHARED = "Multiply-adds, as counted here"
_COLOURS = {
    SHARED: KIND_COLOURS["convolution"],
    causes.UNIT: NEUTRAL,
    causes.BIAS: KIND_COLOURS["addition"],
    causes.PLACES: KIND_COLOURS["linear"],
    causes.HEADS: KIND_COLOURS["multiplication"],
    causes.FUNCTIONS: KIND_COLOURS["linear"],
    causes.UNEXPLAINED: "#8d6e63",
    "Layer norm": KIND_COLOURS["batch norm"],
}


def bars(comparison: Comparison) -> go.Figure:
    """Above, what each tool prints; below, on its own scale, what it counts that we do not.

    One bar a tool, stacked by cause. The lower part leaves out the factor between multiply-adds
    and FLOPs, beside which nothing else could be seen.
    """
    others = {tool: one for tool, one in comparison.accounts.items() if tool != OURS}
    fig = make_subplots(
        rows=2,
        cols=1,
        row_heights=[len(comparison.accounts) + 0.5, len(others) + 0.5],
        vertical_spacing=0.2,
        subplot_titles=("What it prints", "What it adds or leaves out"),
    )
    parts = {tool: _parts(account) for tool, account in comparison.accounts.items()}
    for cause in dict.fromkeys(cause for amounts in parts.values() for cause in amounts):
        printed = {tool: amounts.get(cause, 0) for tool, amounts in parts.items()}
        if cause == SHARED or max(printed.values()) > 0:
            _bar(fig, 1, cause, {tool: max(0, amount) for tool, amount in printed.items()})
        if cause not in (SHARED, causes.UNIT):
            _bar(fig, 2, cause, {tool: printed[tool] for tool in others})
    _ends(fig, 1, {tool: one.count.total for tool, one in comparison.accounts.items()}, "")
    _ends(fig, 2, {tool: _in_multiply_adds(one) for tool, one in others.items()}, "+")
    fig.update_yaxes(autorange="reversed")
    fig.update_xaxes(tickformat="~s", nticks=6)
    layout.finish(fig, HEIGHT)
    fig.update_layout(barmode="relative", bargap=0.3, margin_t=40, legend_y=1.1)
    fig.update_annotations(font_size=layout.FONT)
    fig.update_annotations(
        selector={"yref": "paper"}, x=0, xanchor="left", font_size=layout.FONT + 1
    )
    return fig


def _parts(account: Account) -> dict[str, int]:
    """What the bar of a tool is made of; what it leaves out is negative."""
    amounts: defaultdict[str, int] = defaultdict(int)
    left_out = sum(piece.amount for piece in account.pieces if piece.amount < 0)
    amounts[SHARED] = account.ours + left_out
    for piece in account.pieces:
        amounts[piece.cause] += piece.amount
    return amounts


def _in_multiply_adds(account: Account) -> int:
    return account.difference - _parts(account).get(causes.UNIT, 0)


def _bar(fig: go.Figure, row: int, cause: str, amounts: dict[str, int]) -> None:
    if not any(amounts.values()):
        return
    fig.add_bar(
        x=list(amounts.values()),
        y=list(amounts),
        orientation="h",
        name=cause,
        legendgroup=cause,
        showlegend=next(fig.select_traces({"name": cause}), None) is None,
        marker_color=_COLOURS.get(cause) or KIND_COLOURS.get(cause.lower(), _POOLING),
        hovertemplate="%{y}<br>%{x:,}<extra>" + cause + "</extra>",
        row=row,
        col=1,
    )


_POOLING = KIND_COLOURS["average pooling"]  # of all kinds, adaptive and global


def _ends(fig: go.Figure, row: int, amounts: dict[str, int], sign: str) -> None:
    """The sum at the end of each bar."""
    longest = max(map(abs, amounts.values()), default=0) or 1
    for tool, amount in amounts.items():
        text = f"{'+' if sign and amount > 0 else ''}{short(amount)}".replace("-", "−")
        fig.add_annotation(
            x=max(amount, 0), y=tool, text=text, showarrow=False, xanchor="left", xshift=6,
            row=row, col=1,
        )  # fmt: skip
    low = min(0, *amounts.values()) if amounts else 0
    fig.update_xaxes(range=[1.05 * low, max(0, *amounts.values()) + 0.4 * longest], row=row, col=1)
