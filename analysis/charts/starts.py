"""How weights begin: variances along the depth, what is learned, and units as pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.bands import Band, bands
from analysis.charts.colour_scale import scale
from analysis.charts.palette import DASHES, KIND_COLOURS, NEUTRAL, WINDOW_COLOURS
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.starts import STARTS
from analysis.experiments.signal.units import BEGINNINGS, UNITS, Units
from analysis.vision.overlay import DIVERGING

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
_WIDE = 1.12  # a unit's picture with the gap behind it, in its own widths


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
    step = int(side * _WIDE) + 1
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
            colorscale=scale(DIVERGING),
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
