"""What batch normalisation changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.charts.bands import Band, bands
from analysis.charts.palette import KIND_COLOURS
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.small_network import WORDS

NORM_COLOURS = {True: KIND_COLOURS["convolution"], False: KIND_COLOURS["linear"]}


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
