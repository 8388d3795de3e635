"""What changing gates does to answers, and what gates cost, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.amounts import exact, percent, short
from analysis.charts import layout
from analysis.charts.gates import name_blocks
from analysis.charts.palette import NEUTRAL, WINDOW_COLOURS
from analysis.vision.gates.effects import KINDS
from analysis.vision.gates.ratio import RatioCost

_LEAST = 1.0  # points: differences smaller than this do not fill the chart
_COLOURS = dict(zip(KINDS, (WINDOW_COLOURS["7×7"], WINDOW_COLOURS["1×1"], NEUTRAL), strict=True))


def change_bars(
    blocks: Sequence[str], shares: Mapping[str, Sequence[float]], untouched: float, title: str
) -> go.Figure:
    """Three bars a block, one for each way to change its gate, and a line for the network as it is.

    `shares` has a list for each key of `KINDS`, 0 to 1; `title` is what they are shares of.
    """
    fig = go.Figure()
    for kind, values in shares.items():
        fig.add_bar(
            y=[100 * value for value in values],
            name=KINDS[kind].label,
            marker_color=_COLOURS[kind],
            customdata=list(blocks),
            hovertemplate="%{customdata}<br>" + KINDS[kind].label + ": %{y:.1f}%<extra></extra>",
        )
    fig.add_scatter(
        x=[-0.5, len(blocks) - 0.5],
        y=[100 * untouched] * 2,
        name=f"untouched, {percent(untouched)}",
        mode="lines",
        line={"color": NEUTRAL, "dash": "dash", "width": 2.5},
        hoverinfo="skip",
    )
    name_blocks(fig, blocks)
    fig.update_yaxes(title=title, range=[0, 102], ticksuffix="%", dtick=25)
    layout.finish(fig)
    fig.update_layout(bargap=0.25)
    return fig


def channel_bars(
    channels: Sequence[int], values: np.ndarray, untouched: float, colour: str, title: str
) -> go.Figure:
    """One bar a channel: what is lost, or gained, when this channel alone is set to 0.

    `values` and `untouched` are shares, 0 to 1; the bars are their difference in points.
    """
    moved = 100 * (values - untouched)
    fig = go.Figure()
    fig.add_bar(
        y=moved,
        marker_color=colour,
        marker_line_width=0,
        customdata=list(channels),
        hovertemplate="without channel %{customdata}: %{y:+.2f} points<extra></extra>",
    )
    in_order = list(channels) == sorted(channels)
    order = "by number" if in_order else "from the strongest gate down"
    fig.update_xaxes(title=f"channel that is set to 0, {order}", showticklabels=False)
    reach = [min(1.1 * moved.min(), -_LEAST), max(1.1 * moved.max(), _LEAST)]
    fig.update_yaxes(title=title, range=reach, zeroline=True, zerolinewidth=2)
    layout.finish(fig, height=320)
    fig.update_layout(bargap=0.15)
    return fig


def ratio_bars(rows: Sequence[RatioCost], quantity: str, label: str, colour: str) -> go.Figure:
    """One bar a reduction ratio with what all gates cost; the network's own in full colour."""
    amounts = [row.amount(quantity) for row in rows]
    fig = go.Figure()
    fig.add_bar(
        x=[row.label for row in rows],
        y=amounts,
        marker_color=[colour if row.own else NEUTRAL for row in rows],
        text=[
            f"{short(a)}<br>{percent(a / (a + row.rest(quantity)))}"
            for a, row in zip(amounts, rows, strict=True)
        ],
        textposition="outside",
        textfont_size=layout.TICKS,
        cliponaxis=False,
        customdata=[exact(a) for a in amounts],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
    )
    fig.update_xaxes(title="reduction ratio of the gates", type="category")
    fig.update_yaxes(
        title=f"{label} of the gates", tickformat=".3~s", range=[0, 1.2 * max(amounts)]
    )
    layout.finish(fig)
    fig.update_layout(bargap=0.3)
    return fig
