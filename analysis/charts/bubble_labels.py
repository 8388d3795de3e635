"""Names beside the bubbles: first what somebody chose, then what the lectures name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.bubble_view import View, diameters, front_of
from analysis.charts.label_places import Spot, placed
from analysis.charts.names import short_names

MOST_LABELS = 16

# Networks that every lecture names; they get their label before others do.
_KNOWN = (
    *("vgg16", "resnet50", "resnet50_v1_5", "alexnet", "alexnet_owt", "googlenet", "googlenet_bn"),
    *("inception_v3", "densenet121", "mobilenet_v1", "squeezenet1_1", "senet154", "resnet152"),
    *("nasnet_a_large", "mobilenet_v2", "resnet18", "xception", "wide_resnet50_2", "vgg11"),
    *("cifar_resnet110", "cifar_wrn_28_10", "cifar_densenet_bc190_k40", "lenet5", "cifar_resnet20"),
    *("cifar_resnet1202", "fractalnet20_cifar", "resnext50_32x4d", "shufflenet_v1_g3"),
)


def draw_labels(fig: go.Figure, rows: pd.DataFrame, view: View) -> None:
    """Add the names that fit."""
    ordered = rows.loc[list(dict.fromkeys(_by_importance(rows, view)))]
    names, sizes = short_names(list(ordered["network"])), diameters(ordered, view)
    held = {view.picked, *view.marked}
    spots = [
        Spot(
            *view.place(row["multiply-adds"], row[view.height]),
            size / 2,
            names[row["network"]],
            wanted=key in held,
        )
        for (key, row), size in zip(ordered.to_dict("index").items(), sizes, strict=True)
    ]
    if view.height == "accuracy":
        spots += _on_the_line(ordered.loc[front_of(rows)], view)
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


def _on_the_line(members: pd.DataFrame, view: View) -> Iterator[Spot]:
    """Points along the front's line, so that names keep away from it."""
    at = [
        view.place(cost, height)
        for cost, height in zip(members["multiply-adds"], members["accuracy"], strict=True)
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
