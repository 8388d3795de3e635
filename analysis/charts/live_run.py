"""Errors and losses of runs as they learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.learning import Style
from analysis.experiments.training import Epoch

_HEIGHT = 380  # pixels
Which = Literal["train_error", "test_error"]
_LABELS: dict[Which, str] = {"train_error": "Training error, %", "test_error": "Test error, %"}


def errors(
    tracks: Mapping[str, Sequence[Epoch]],
    styles: Mapping[str, Style],
    epochs: int,
    which: Which,
) -> go.Figure:
    """One line a run; `styles` has its colour and dash. The axes stand still while it learns."""
    fig = go.Figure()
    for name, lines in tracks.items():
        colour, dash = styles[name]
        fig.add_scatter(
            x=[line.epoch for line in lines],
            y=[100 * getattr(line, which) for line in lines],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3},
            hovertemplate="%{y:.1f}% after epoch %{x}<extra>%{fullData.name}</extra>",
            showlegend=True,
        )
    fig.update_xaxes(title="Epoch", range=[0.5, max(epochs, 2) + 0.5], nticks=8, tickformat="d")
    fig.update_yaxes(title=_LABELS[which], range=[0, 102])
    layout.finish(fig, _HEIGHT)
    return fig


def losses(
    tracks: Mapping[str, Sequence[tuple[int, float]]],
    styles: Mapping[str, Style],
    steps: int,
) -> go.Figure:
    """The loss of single batches, step by step; it is noisy, since each batch is another one."""
    fig = go.Figure()
    for name, points in tracks.items():
        colour, dash = styles[name]
        fig.add_scatter(
            x=[step for step, _ in points],
            y=[loss for _, loss in points],
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate="loss %{y:.3f} at step %{x}<extra>%{fullData.name}</extra>",
            showlegend=True,
        )
    fig.update_xaxes(title="Step", range=[0, max(steps, 2)])
    fig.update_yaxes(title="Loss of a batch", rangemode="tozero")
    layout.finish(fig, _HEIGHT)
    return fig
