"""All networks in one chart: cost to the right, accuracy or parameters upwards, one bubble each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10, sqrt
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.amounts import short
from analysis.charts import layout, log_axis
from analysis.charts.label_places import Spot, placed
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.structure import pareto

HEIGHT = 640  # pixels, with the legend
LARGEST, SMALLEST = 54, 8  # diameters in pixels
MOST_LABELS = 16
REUSES = (10, 100, 1000)  # multiply-adds a parameter, drawn as lines

AREAS = {"params": "parameters", "activations": "activations"}

# Networks that every lecture names; they get their label before others do.
_KNOWN = (
    *("vgg16", "resnet50", "resnet50_v1_5", "alexnet", "alexnet_owt", "googlenet", "googlenet_bn"),
    *("inception_v3", "densenet121", "mobilenet_v1", "squeezenet1_1", "senet154", "resnet152"),
    *("nasnet_a_large", "mobilenet_v2", "resnet18", "xception", "wide_resnet50_2", "vgg11"),
    *("cifar_resnet110", "cifar_wrn_28_10", "cifar_densenet_bc190_k40", "lenet5", "cifar_resnet20"),
    *("cifar_resnet1202", "fractalnet20_cifar", "resnext50_32x4d", "shufflenet_v1_g3"),
)


@dataclass(frozen=True)
class View:
    """What a chart of the landscape shows.

    `label` names the height; `area` is a column of the table. `scope` holds all rows that moving
    the year may bring, so that the axes stand still. `marked` are the networks in focus and
    `picked` the one that was clicked, if any.
    """

    label: str
    area: str
    scope: pd.DataFrame
    marked: Collection[str] = ()
    picked: str | None = None

    @property
    def height(self) -> str:
        return "accuracy" if "accuracy" in self.scope else "parameters"


def bubbles(rows: pd.DataFrame, view: View) -> go.Figure:
    """One bubble a row of `analysis.structure.landscape.shown`, its key as the first custom datum.

    The area is proportional to `view.area`; diamonds were measured in another way than with one
    crop. With accuracy as height, a line joins the networks of the Pareto front.
    """
    fig = go.Figure()
    x_span = log_axis.span(list(view.scope["multiply-adds"]))
    y_span = _height_span(view)
    if view.height == "accuracy":
        _draw_front(fig, rows, x_span)
    else:
        _draw_reuse(fig, x_span, y_span)
    for family, part in rows.groupby("family", sort=False):
        _draw_family(fig, str(family), part, view)
    _draw_rings(fig, rows, view)
    _finish(fig, view, x_span, y_span)
    _draw_labels(fig, rows, view, x_span, y_span)
    return fig


def front_of(rows: pd.DataFrame) -> list[str]:
    """Keys of the networks that no other beats in both multiply-adds and accuracy."""
    places = pareto.front(list(rows["multiply-adds"]), list(rows["accuracy"]))
    return [str(rows.index[place]) for place in places]


def _diameters(rows: pd.DataFrame, view: View) -> list[float]:
    largest = view.scope[view.area].max()
    return [max(SMALLEST, LARGEST * sqrt(value / largest)) for value in rows[view.area]]


def _draw_family(fig: go.Figure, family: str, rows: pd.DataFrame, view: View) -> None:
    rows = rows.sort_values(view.area, ascending=False)  # the small ones on top
    fig.add_scatter(
        x=rows["multiply-adds"],
        y=rows[view.height],
        name=rows["family name"].iloc[0],
        mode="markers",
        marker={
            "size": _diameters(rows, view),
            "color": family_colour(family),
            "opacity": 0.65,
            "symbol": _symbols(rows),
            "line": {"width": 1.5, "color": family_colour(family)},
        },
        customdata=[[key, _told(row)] for key, row in rows.to_dict("index").items()],
        hovertemplate="%{customdata[1]}<extra></extra>",
        selected_marker_opacity=0.65,
        unselected_marker_opacity=0.65,
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


def _draw_front(fig: go.Figure, rows: pd.DataFrame, x_span: Sequence[float]) -> None:
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


def _draw_reuse(fig: go.Figure, x_span: Sequence[float], y_span: Sequence[float]) -> None:
    """Lines on which each parameter is used equally often."""
    for uses in REUSES:
        low = max(x_span[0], y_span[0] + log10(uses))
        high = min(x_span[1], y_span[1] + log10(uses))
        ends = [10**low, 10**high]
        if ends[0] >= ends[1]:
            continue
        fig.add_scatter(
            x=ends,
            y=[end / uses for end in ends],
            mode="lines+text",
            text=[f"each used {uses:,} times", ""],
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
                "size": [size + 2 + width for size in _diameters(ringed, view)],
                "symbol": [f"{symbol}-open" for symbol in _symbols(ringed)],
                "line": {"width": width},
                "color": NEUTRAL,
            },
            hoverinfo="skip",
            showlegend=False,
        )


def _height_span(view: View) -> tuple[float, float]:
    values = list(view.scope[view.height])
    if view.height == "parameters":
        return log_axis.span(values)
    room = 0.1 * max(max(values) - min(values), 1)
    return min(values) - room, max(values) + room


def _finish(fig: go.Figure, view: View, x_span: Sequence[float], y_span: Sequence[float]) -> None:
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
    below = {"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0, "font_size": layout.TICKS}
    fig.update_layout(
        legend={
            **below,
            "itemsizing": "constant",
            "entrywidth": 112,
            "itemclick": False,
            "itemdoubleclick": False,
        },
        hoverlabel_align="left",
    )


def _draw_labels(
    fig: go.Figure,
    rows: pd.DataFrame,
    view: View,
    x_span: Sequence[float],
    y_span: Sequence[float],
) -> None:
    ordered = rows.loc[list(dict.fromkeys(_by_importance(rows, view)))]
    names, sizes = short_names(ordered["network"]), _diameters(ordered, view)
    held = {view.picked, *view.marked}
    spots = [
        Spot(
            _scaled(row["multiply-adds"], x_span, True),
            _scaled(row[view.height], y_span, view.height == "parameters"),
            size / 2,
            names[row["network"]],
            wanted=key in held,
        )
        for (key, row), size in zip(ordered.to_dict("index").items(), sizes, strict=True)
    ]
    if view.height == "accuracy":
        spots += _on_the_line(ordered.loc[front_of(rows)], x_span, y_span)
    labels = placed(spots, MOST_LABELS)
    named = ordered.iloc[[label.place for label in labels]]
    fig.add_scatter(
        x=named["multiply-adds"],
        y=named[view.height],
        mode="markers+text",
        marker={"size": [2 * spots[label.place].radius for label in labels], "opacity": 0},
        text=[f"<b>{spots[label.place].name}</b>" for label in labels],
        textposition=[label.side for label in labels],
        textfont_size=layout.TICKS,
        hoverinfo="skip",
        showlegend=False,
    )


def _on_the_line(
    members: pd.DataFrame, x_span: Sequence[float], y_span: Sequence[float]
) -> Iterator[Spot]:
    """Points along the front's line, so that names keep away from it."""
    at = [
        (_scaled(x, x_span, True), _scaled(y, y_span, False))
        for x, y in zip(members["multiply-adds"], members["accuracy"], strict=True)
    ]
    for (left, low), (right, high) in pairwise([*at, (1.0, at[-1][1])]):
        for share in (0.2, 0.4, 0.6, 0.8, 1.0):
            yield Spot(left + share * (right - left), low, 5)
            yield Spot(right, low + share * (high - low), 5)


def _by_importance(rows: pd.DataFrame, view: View) -> Iterator[str]:
    """The clicked network, those in focus, the well-known, the front, and then all others."""
    wanted = [view.picked, *view.marked, *_KNOWN[:3]]
    if view.height == "accuracy":
        wanted += front_of(rows)
    yield from (key for key in [*wanted, *_KNOWN] if key in rows.index)
    yield from map(str, rows.index)


def _scaled(value: float, span: Sequence[float], is_log: bool) -> float:
    at = log10(value) if is_log else value
    return (at - span[0]) / (span[1] - span[0])


def short_names(names: Sequence[str] | pd.Series) -> Mapping[str, str]:
    """Each name without what stands in brackets, unless another would then be the same."""
    cut = {name: str(name).split(" (")[0] for name in names}
    held = list(cut.values())
    return {name: text if held.count(text) == 1 else name for name, text in cut.items()}
