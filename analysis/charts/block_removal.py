"""Accuracy as blocks of a network are switched off, one alone or more and more."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.charts import layout
from analysis.charts.palette import DASHES, NEUTRAL, family_colour
from analysis.vision.paths.lesions import Fall

# Networks of one family share a colour; dash and symbol tell them apart.
_SYMBOLS: dict[str, str] = dict(zip(DASHES, ("circle", "diamond", "square", "x"), strict=True))


def more_and_more(
    falls: Mapping[str, Fall], families: Mapping[str, str], chance: float
) -> go.Figure:
    """A line a network over the number of blocks that are gone, with a band around it.

    The keys of `falls` are the names to show, `families` gives each name's family, and `chance`
    is what guessing would get right.
    """
    fig = go.Figure()
    for name, (colour, dash) in _lines(falls, families).items():
        found = falls[name]
        low, high = [[100 * pick(row) for row in found.random] for pick in (min, max)]
        fig.add_scatter(
            x=[*found.removed, *reversed(found.removed)],
            y=[*high, *reversed(low)],
            mode="lines",
            fill="toself",
            fillcolor=colour,
            opacity=0.2,
            line_width=0,
            hoverinfo="skip",
            showlegend=False,
        )
        fig.add_scatter(
            x=found.removed,
            y=[100 * found.mean(place) for place in range(len(found.removed))],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3.5},
            marker={"size": 10, "symbol": _SYMBOLS[dash]},
            hovertemplate="%{x} blocks off: %{y:.1f}% right<extra>" + name + "</extra>",
            cliponaxis=False,
        )
    fig.update_xaxes(title="blocks switched off", rangemode="tozero", dtick=_step(falls))
    _finish(fig, chance)
    return fig


def one_at_a_time(
    falls: Mapping[str, Fall], families: Mapping[str, str], chance: float
) -> go.Figure:
    """A point for each block of each network: what is right when this block alone is off."""
    fig = go.Figure()
    for name, (colour, dash) in _lines(falls, families).items():
        found = falls[name]
        fig.add_scatter(
            x=found.blocks,
            y=[100 * share for share in found.alone],
            name=f"{name}, whole: {percent(found.whole)}",
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"size": 12, "symbol": _SYMBOLS[dash]},
            hovertemplate="without %{x}: %{y:.1f}% right<extra>" + name + "</extra>",
            cliponaxis=False,
        )
    order = sorted({block for found in falls.values() for block in found.blocks}, key=_place)
    fig.update_xaxes(
        title="the block that is off",
        categoryorder="array",
        categoryarray=order,
        tickangle=-45,
    )
    _finish(fig, chance)
    return fig


def _lines(falls: Mapping[str, Fall], families: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """A colour and a dash for each network: networks of one family differ by the dash."""
    seen: dict[str, int] = {}
    lines = {}
    for name in falls:
        family = families[name]
        lines[name] = (family_colour(family), DASHES[seen.get(family, 0) % len(DASHES)])
        seen[family] = seen.get(family, 0) + 1
    return lines


def _place(block: str) -> list[tuple[int, int, str]]:
    """Sort key that knows that layer1.10 comes after layer1.9."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in block.split(".")]


def _step(falls: Mapping[str, Fall]) -> int:
    return max(1, max(found.removed[-1] for found in falls.values()) // 10)


def _finish(fig: go.Figure, chance: float) -> None:
    fig.add_hline(
        y=100 * chance,
        line={"color": NEUTRAL, "dash": "dot", "width": 2},
        annotation={"text": "guessing", "font_size": layout.TICKS, "font_color": NEUTRAL},
        annotation_position="bottom left",
    )
    fig.update_yaxes(title="pictures right", ticksuffix="%", range=[0, 102])
    layout.finish(fig)
