"""All networks in one chart: cost to the right, accuracy or parameters upwards, one bubble each."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.amounts import short
from analysis.charts import layout, log_axis
from analysis.charts.bubble_labels import draw_labels
from analysis.charts.bubble_view import Span, View, diameters, front_of
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.structure.relatives import FAMILY_NAMES

HEIGHT = 640  # pixels, with the legend
_OPACITY = 0.65
_LEGEND = 12  # size of its letters, so that a phone has room for the plot
REUSES = (10, 100, 1000)  # multiply-adds a parameter, drawn as lines


def bubbles(rows: pd.DataFrame, view: View) -> go.Figure:
    """One bubble a row of `analysis.structure.landscape.shown`, its key as the first custom datum.

    The area is proportional to `view.area`; diamonds were measured in another way than with one
    crop. With accuracy as height, a line joins the networks of the Pareto front.
    """
    fig = go.Figure()
    x_span, y_span = view.spans
    if view.height == "accuracy":
        _draw_front(fig, rows, x_span)
    else:
        _draw_reuse(fig, x_span, y_span)
    _draw_networks(fig, rows, view)
    _draw_legend(fig, rows)
    _draw_rings(fig, rows, view)
    _finish(fig, view, x_span, y_span)
    draw_labels(fig, rows, view)
    return fig


def _draw_networks(fig: go.Figure, rows: pd.DataFrame, view: View) -> None:
    """All in one trace, so that small bubbles lie on large ones whatever their family is."""
    rows = rows.sort_values(view.area, ascending=False, kind="stable")
    colours = [family_colour(family) for family in rows["family"]]
    fig.add_scatter(
        x=rows["multiply-adds"],
        y=rows[view.height],
        mode="markers",
        marker={
            "size": diameters(rows, view),
            "color": colours,
            "opacity": _OPACITY,
            "symbol": _symbols(rows),
            "line": {"width": 1.5, "color": colours},
        },
        customdata=[[key, _told(row)] for key, row in rows.to_dict("index").items()],
        hovertemplate="%{customdata[1]}<extra></extra>",
        selected_marker_opacity=_OPACITY,
        unselected_marker_opacity=_OPACITY,
        showlegend=False,
    )


def _draw_legend(fig: go.Figure, rows: pd.DataFrame) -> None:
    """One entry a family, in teaching order; its trace has no point."""
    for family in dict.fromkeys(rows["family"]):
        fig.add_scatter(
            x=[None],
            y=[None],
            name=FAMILY_NAMES[family],
            mode="markers",
            marker={"size": 12, "color": family_colour(family), "opacity": _OPACITY},
        )


def _symbols(rows: pd.DataFrame) -> list[str]:
    if "one crop" not in rows:
        return ["circle"] * len(rows)
    return ["circle" if one else "diamond" for one in rows["one crop"]]


def _told(row: Mapping[Any, Any]) -> str:
    """What the pointer shows of a network."""
    lines = [
        f"<b>{row['network']}</b> ({row['year']})",
        f"{short(row['multiply-adds'])} multiply-adds at {row['input']}",
        f"{short(row['parameters'])} parameters, {short(row['activations'])} activations",
    ]
    if "accuracy" in row:
        at = f"at {row['measured at']} pixels, " if _elsewhere(row) else ""
        lines += [f"{row['accuracy']:.4g}%: {at}{row['protocol']}", f"({row['source']})"]
    return "<br>".join(lines)


def _elsewhere(row: Mapping[Any, Any]) -> bool:
    return bool(row["measured at"]) and f" {row['measured at']} " not in f"{row['input']} "


def _draw_front(fig: go.Figure, rows: pd.DataFrame, x_span: Span) -> None:
    members = rows.loc[front_of(rows)]
    if members.empty:
        return
    fig.add_scatter(
        x=[*members["multiply-adds"], 10 ** x_span[1]],
        y=[*members["accuracy"], members["accuracy"].iloc[-1]],
        name="Pareto front",
        mode="lines",
        line={"shape": "hv", "width": 3, "color": NEUTRAL, "dash": "dot"},
        hoverinfo="skip",
        showlegend=True,
    )


def _draw_reuse(fig: go.Figure, x_span: Span, y_span: Span) -> None:
    """Lines on which each parameter is used equally often."""
    for uses in REUSES:
        low = max(x_span[0], y_span[0] + 0.03 * (y_span[1] - y_span[0]) + log10(uses))
        high = min(x_span[1], y_span[1] + log10(uses))
        ends = [10**low, 10**high]
        if ends[0] >= ends[1]:
            continue
        fig.add_scatter(
            x=ends,
            y=[end / uses for end in ends],
            mode="lines+text",
            text=[f"{uses:,}×", ""],
            textposition="middle right",
            textfont={"color": NEUTRAL, "size": layout.TICKS},
            line={"width": 1.5, "color": NEUTRAL, "dash": "dot"},
            hoverinfo="skip",
            showlegend=False,
        )


def _draw_rings(fig: go.Figure, rows: pd.DataFrame, view: View) -> None:
    """A ring around the networks in focus, and a stronger one around the one that was clicked."""
    for keys, width in ((view.marked, 2.5), ([view.picked], 5)):
        ringed = rows.loc[[key for key in rows.index if key in keys]]
        fig.add_scatter(
            x=ringed["multiply-adds"],
            y=ringed[view.height],
            mode="markers",
            marker={
                "size": [size + 2 + width for size in diameters(ringed, view)],
                "symbol": [f"{symbol}-open" for symbol in _symbols(ringed)],
                "line": {"width": width},
                "color": NEUTRAL,
            },
            hoverinfo="skip",
            showlegend=False,
        )


def _finish(fig: go.Figure, view: View, x_span: Span, y_span: Span) -> None:
    costs = log_axis.ticks(*x_span)
    fig.update_xaxes(
        type="log",
        range=x_span,
        tickvals=costs,
        ticktext=[short(value) for value in costs],
        title="multiply-adds for one image",
        showgrid=True,
        tickangle=0,
    )
    if view.height == "accuracy":
        fig.update_yaxes(range=y_span, ticksuffix="%", title=view.label)
    else:
        values = log_axis.ticks(*y_span)
        fig.update_yaxes(
            type="log",
            range=y_span,
            tickvals=values,
            ticktext=[short(value) for value in values],
            title=view.label,
        )
    layout.finish(fig, HEIGHT)
    fig.update_layout(
        legend={
            "orientation": "h",
            "y": -0.16,  # below the axis and its title
            "yanchor": "top",
            "x": 0,
            "font_size": _LEGEND,
            "entrywidth": 102,  # two columns on a phone
            "itemsizing": "constant",
            "itemclick": False,  # the families stand in the address
            "itemdoubleclick": False,
        },
        hoverlabel_align="left",
    )
