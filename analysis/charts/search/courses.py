"""Strategies side by side, with the interval of the mean over the seeds."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.charts.bands import Band, bands
from analysis.charts.search.colours import COLOURS, DASHES
from analysis.experiments.search.comparison import Comparison
from analysis.experiments.search.strategies import STRATEGIES, TITLES

_ALONE = 3  # steps at the left, far above the others, that may leave the chart


def regret(comparison: Comparison) -> go.Figure:
    """How far the best network so far is behind the best of all."""
    fig = _drawn(comparison, "regret", "test accuracy behind the best, in points")
    ends = [100 * comparison.course(name).high[_ALONE:].max() for name in STRATEGIES]
    fig.update_yaxes(range=[0, 1.1 * max(ends)])
    return fig


def sampled(comparison: Comparison) -> go.Figure:
    """The mean reward of what each strategy tries."""
    return _drawn(comparison, "sampled", "mean reward of what is tried, in %")


def _drawn(comparison: Comparison, quantity: str, title: str) -> go.Figure:
    lines = []
    for name in STRATEGIES:
        mean, low, high = (100 * part for part in comparison.course(name, quantity))
        look = COLOURS[name], low, high, DASHES[name]
        lines.append(Band(TITLES[name], comparison.steps, mean, *look))
    return bands(lines, "networks tried", title)
