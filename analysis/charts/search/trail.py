"""A search as it goes: the rewards of what it tries, and what its controller thinks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS, NEUTRAL
from analysis.charts.search.colours import CONTROLLER, FOUND
from analysis.experiments.search.watched import Seen
from cnn_models.families.searched import DECISIONS, key_of, picks_of

_BEST = KIND_COLOURS["linear"]
_OPTIONS = (FOUND[0], CONTROLLER)  # of a decision, in turn
_MANY = 100  # dots
_LEAST = 0.15  # chance of an option that has room for its name


def rewards(seen: Sequence[Seen], budget: int, at: int | None = None) -> go.Figure:
    """One dot a network, in the order in which they were tried, its reward upwards in percent.

    `budget` is how many there will be; `at` is the place of one to point out, from 0.
    """
    fig = go.Figure()
    steps = list(range(1, len(seen) + 1))
    fig.add_scatter(
        x=steps,
        y=[100 * one.reward for one in seen],
        name="reward of a network",
        mode="markers",
        marker={"color": NEUTRAL, "size": 8 if budget > _MANY else 12, "opacity": 0.75},
        customdata=[key_of(one.number) for one in seen],
        hovertemplate="%{y:.1f}% with %{customdata}, number %{x}<extra></extra>",
    )
    best = list(accumulate((one.reward for one in seen), max))
    _line(fig, steps, best, "best so far", _BEST, "hv")
    if any(one.baseline is not None for one in seen):
        _line(fig, steps, [one.baseline for one in seen], "baseline", CONTROLLER, "linear")
    if at is not None:
        _point_out(fig, at + 1, seen[at].reward)
    fig.update_xaxes(title="Networks tried", range=[0, budget + 1], zeroline=False)
    fig.update_yaxes(title="Right answers, %", zeroline=False)
    layout.finish(fig)
    return fig


def _line(
    fig: go.Figure,
    steps: Sequence[int],
    shares: Sequence[float | None],
    name: str,
    colour: str,
    shape: str,
) -> None:
    fig.add_scatter(
        x=steps,
        y=[None if share is None else 100 * share for share in shares],
        name=name,
        mode="lines",
        line={"color": colour, "width": 3, "shape": shape},
        hovertemplate=f"{name}: %{{y:.1f}}% after %{{x}}<extra></extra>",
    )


def _point_out(fig: go.Figure, step: int, reward: float) -> None:
    fig.add_scatter(
        x=[step],
        y=[100 * reward],
        name="shown below",
        mode="markers",
        marker={
            "size": 17,
            "symbol": "circle-open",
            "line_width": 4,
            "color": KIND_COLOURS["max pooling"],
        },
        hoverinfo="skip",
    )


def chances(seen: Seen) -> go.Figure:
    """One bar a decision, divided among its options by their chances; what was drawn is ticked."""
    fig = go.Figure()
    titles, picks = [decision.title for decision in DECISIONS], picks_of(seen.number)
    for option in range(max(len(decision.options) for decision in DECISIONS)):
        shares = [own[option] if option < len(own) else 0.0 for own in seen.chances]
        names = [_named(place, option) for place in range(len(DECISIONS))]
        fig.add_bar(
            y=titles,
            x=[100 * share for share in shares],
            orientation="h",
            marker_color=_OPTIONS[option % len(_OPTIONS)],
            text=[
                _text(name, share, pick == option)
                for name, share, pick in zip(names, shares, picks, strict=True)
            ],
            textfont={"color": "#ffffff", "size": layout.TICKS},
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            customdata=names,
            hovertemplate="%{y}: %{customdata} with a chance of %{x:.1f}%<extra></extra>",
        )
    fig.update_xaxes(title="Chance, %", range=[0, 100])
    fig.update_yaxes(autorange="reversed")
    layout.finish(fig, 70 + 32 * len(titles))
    fig.update_layout(barmode="stack", bargap=0.25, showlegend=False)
    return fig


def _text(name: str, share: float, is_drawn: bool) -> str:
    if not is_drawn:
        return name if share >= _LEAST else ""
    return f"<b>✓ {name}</b>" if share >= _LEAST else "<b>✓</b>"


def _named(place: int, option: int) -> str:
    decision = DECISIONS[place]
    if option >= len(decision.options):
        return ""
    value = decision.options[option]
    if decision.what == "skip":
        return "with" if value else "without"
    return f"{value}×{value}" if decision.what == "kernel" else str(value)
