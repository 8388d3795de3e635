"""What the measurements of starts, gradients and normalisation look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.bands import Band, bands
from analysis.charts.palette import DASHES, KIND_COLOURS, NEUTRAL, WINDOW_COLOURS
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.flow import WAYS
from analysis.experiments.signal.small_network import WORDS
from analysis.experiments.signal.starts import STARTS
from analysis.experiments.signal.units import BEGINNINGS, UNITS, Units
from analysis.vision.overlay import DIVERGING, SEQUENTIAL

START_COLOURS = dict(
    zip(
        STARTS,
        (
            KIND_COLOURS["convolution"],
            KIND_COLOURS["linear"],
            KIND_COLOURS["batch norm"],
            WINDOW_COLOURS["5×5"],
            NEUTRAL,
            WINDOW_COLOURS["11×11"],
        ),
        strict=True,
    )
)
NORM_COLOURS = {True: KIND_COLOURS["convolution"], False: KIND_COLOURS["linear"]}
WIDE, HIGH = (
    1.12,
    8,
)  # a unit's picture with the gap behind it, in its own widths; pixels of weights


def variances(rows: pd.DataFrame, function: str) -> go.Figure:
    """The variance behind each layer: measured as a line with its range, by the formula as dots.

    `rows` is what `variance.over_seeds` gives.
    """
    own, lines = where(rows, function=function), []
    for name, part in own.groupby("start", sort=False):
        if not part["mean"].to_numpy().any():
            continue  # zeros have no place on a logarithmic axis
        start, colour = STARTS[str(name)], START_COLOURS[str(name)]
        x = part["layer"]
        dash = "dash" if name == "orthogonal" else "solid"  # it lies on Xavier's with ReLU
        lines.append(Band(start.label, x, part["mean"], colour, part["low"], part["high"], dash))
        lines.append(Band(f"{start.label}, formula", x, part["formula"], colour, style="circles"))
    return bands(lines, "layer", "variance behind the layer", log_y=True, height=480)


def learned(rows: pd.DataFrame) -> go.Figure:
    """Errors after each epoch from each start; `rows` is what `learning.over_seeds` gives."""
    lines = [
        Band(
            STARTS[str(name)].label,
            part["epoch"],
            part["mean"],
            START_COLOURS[str(name)],
            part["low"],
            part["high"],
            DASHES[place % len(DASHES)],
        )
        for place, (name, part) in enumerate(rows.groupby("start", sort=False))
    ]
    return bands(lines, "epoch", "errors, images held out", percent=True)


def roots(rows: pd.DataFrame, inside: str) -> go.Figure:
    """The variance of drawn weights beside both formulas; `rows` is what `root.sampled` gives."""
    x = rows["inputs"]
    blue, red = KIND_COLOURS["convolution"], WINDOW_COLOURS["11×11"]
    lines = [
        Band(inside, x, rows["plain"], blue, dash="dash"),
        Band(f"√({inside}), as the deck has it", x, rows["root"], red, dash="dot"),
        Band("measured", x, rows["mean"], blue, rows["low"], rows["high"], style="dots"),
    ]
    fig = bands(lines, "inputs n_in", "variance of the weights", log_x=True, log_y=True)
    values = [*rows["plain"], *rows["root"]]
    fig.update_yaxes(range=[np.log10(min(values)) - 0.1, np.log10(max(values)) + 0.1])
    fig.update_xaxes(tickvals=list(x), ticktext=[f"{value:,}" for value in x])
    return fig


def units(found: Mapping[str, Units]) -> go.Figure:
    """The weights of the hidden units as pictures, one row a start, each row on its own scale."""
    side = 8
    step = int(side * WIDE) + 1
    fig = go.Figure()
    for place, (name, own) in enumerate(found.items()):
        strip = np.full((side, UNITS * step - 1), np.nan)
        for number, weights in enumerate(own.weights):
            strip[:, number * step : number * step + side] = weights
        limit = float(np.abs(own.weights).max()) or 1.0
        top = place * (side + 4.5)
        fig.add_heatmap(
            z=strip / limit,
            y=np.arange(side) + top,
            zmin=-1,
            zmax=1,
            colorscale=_scale(DIVERGING),
            showscale=False,
            hoverinfo="skip",
        )
        for number in range(UNITS):
            fig.add_shape(
                type="rect",
                x0=number * step - 0.5,
                x1=number * step + side - 0.5,
                y0=top - 0.5,
                y1=top + side - 0.5,
                line={"color": NEUTRAL, "width": 1},
            )
        fig.add_annotation(
            x=-0.5,
            y=top - 0.9,
            text=f"{BEGINNINGS[name]}, largest weight {np.abs(own.weights).max():.2g}",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font_size=layout.FONT,
        )
    bottom = len(found) * (side + 4.5) - 4.5
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False, range=[bottom, -4])
    layout.finish(fig, 130 * len(found))
    return fig


def flows(rows: pd.DataFrame, title: str) -> go.Figure:
    """One line a network along its layers; `rows` is what `flow.over_seeds` gives."""
    lines = [
        Band(
            WAYS[str(way)].label,
            part["layer"],
            part["mean"],
            KIND_COLOURS[WAYS[str(way)].colour],
            part["low"],
            part["high"],
            DASHES[list(WAYS).index(str(way))],
        )
        for way, part in rows.groupby("way", sort=False)
    ]
    return bands(lines, "layer, from the image to the answer", title, log_y=True, height=450)


def loss_maps(rows: pd.DataFrame, seed: int) -> dict[str, go.Figure]:
    """The loss around each network in colour, all on one logarithmic scale."""
    own = where(rows, seed=seed)
    logs = np.log10(own["loss"].to_numpy().clip(1e-4))
    low, high = float(np.floor(logs.min())), float(np.ceil(logs.max()))
    figures = {}
    for name, part in own.groupby("network", sort=False):
        grid = part.pivot(index="y", columns="x", values="loss")
        figures[str(name)] = _loss_map(grid, low, high)
    return figures


def _loss_map(grid: pd.DataFrame, low: float, high: float) -> go.Figure:
    powers = list(range(int(low), int(high) + 1))
    fig = go.Figure()
    fig.add_contour(
        x=grid.columns,
        y=grid.index,
        z=np.log10(grid.to_numpy().clip(1e-4)),
        zmin=low,
        zmax=high,
        contours={"start": low, "end": high, "size": 0.25},
        line_width=0.6,
        colorscale=_scale(SEQUENTIAL),
        colorbar={
            "title": "loss",
            "thickness": 14,
            "tickvals": powers,
            "ticktext": [f"{10.0**power:g}" for power in powers],
            "tickfont_size": layout.TICKS,
        },
        customdata=grid,
        hovertemplate="%{x:.2f}, %{y:.2f}<br>loss %{customdata:.3g}<extra></extra>",
    )
    fig.add_scatter(
        x=[0],
        y=[0],
        mode="markers",
        marker={"symbol": "cross", "size": 13, "color": "white", "line": {"width": 1.5}},
        hoverinfo="skip",
        showlegend=False,
    )
    fig.update_xaxes(title="first direction", constrain="domain")
    fig.update_yaxes(title="second direction", scaleanchor="x", constrain="domain")
    layout.finish(fig, 420)
    return fig


def rates(rows: pd.DataFrame) -> go.Figure:
    """Errors by learning rate, with and without; a cross where every seed diverged.

    `rows` is what `rates.over_seeds` gives.
    """
    lines = []
    for norm, words in WORDS.items():
        part = where(rows, norm=norm)
        marked = np.flatnonzero(part["diverged"].to_numpy() == 1).tolist()
        lines.append(_norm_line(norm, words, part, "rate", marked))
    return bands(lines, "learning rate", "errors, images held out", log_x=True, percent=True)


def batch_sizes(rows: pd.DataFrame) -> go.Figure:
    """Errors by the size of the batch; `rows` is what `batches.over_seeds` gives."""
    lines = [
        _norm_line(norm, words, where(rows, norm=norm), "size") for norm, words in WORDS.items()
    ]
    fig = bands(lines, "images in a batch", "errors, images held out", log_x=True, percent=True)
    sizes = sorted(set(rows["size"].tolist()))
    fig.update_xaxes(tickvals=sizes, ticktext=[str(size) for size in sizes])
    return fig


def _norm_line(
    norm: bool, words: str, part: pd.DataFrame, x: str, marked: Sequence[int] = ()
) -> Band:
    return Band(
        words,
        part[x],
        part["mean"],
        NORM_COLOURS[norm],
        part["low"],
        part["high"],
        "solid" if norm else "dash",
        style="dots",
        marked=marked,
    )


def drifts(rows: pd.DataFrame, layer: str, seed: int, norm: bool) -> go.Figure:
    """What a layer is given, step after step: the median, and where half and nine tenths lie."""
    own = where(rows, layer=layer, seed=seed, norm=norm)
    colour, x = NORM_COLOURS[norm], own["step"]
    outer = Band("5% to 95%", x, own["p50"], colour, own["p5"], own["p95"], style="range")
    inner = Band("median", x, own["p50"], colour, own["p25"], own["p75"])
    fig = bands([outer, inner], "step", "input of the layer", height=340)
    fig.update_layout(showlegend=False)
    return fig


def modes(rows: pd.DataFrame) -> go.Figure:
    """Errors by step with both kinds of statistics; `rows` is what `modes.measure` gives."""
    groups = rows.groupby("step")
    lines = []
    for column, words, colour, dash in (
        ("kept", "kept statistics (when asked)", KIND_COLOURS["linear"], "dash"),
        ("batch", "statistics of the batch (in training)", KIND_COLOURS["convolution"], "solid"),
    ):
        own = groups.agg(mean=(column, "mean"), low=(column, "min"), high=(column, "max"))
        own = own.reset_index()
        lines.append(
            Band(
                words,
                own["step"],
                own["mean"],
                colour,
                own["low"],
                own["high"],
                dash,
                style="dots",
            )
        )
    return bands(lines, "step", "errors, images held out", percent=True)


def _scale(colours: tuple[tuple[int, int, int], ...]) -> list[list[object]]:
    return [[place / (len(colours) - 1), f"rgb{colour}"] for place, colour in enumerate(colours)]
