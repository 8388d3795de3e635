"""What the colours of attribution maps mean, as a bar."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from analysis.charts.layout import finish
from analysis.vision.overlay import DIVERGING, SEQUENTIAL

_STEPS = 101
_SIGNED = ("against the class", "nothing", "for the class")
_UNSIGNED = ("nothing", "", "most")


def colour_bar(signed: bool, limit: float | None = None) -> go.Figure:
    """The scale of signed or of unsigned maps, from end to end.

    Args:
        signed: whether the maps have a sign.
        limit: the value of the last colour, where all maps share one.
    """
    scale = DIVERGING if signed else SEQUENTIAL
    low = -1 if signed else 0
    fig = go.Figure()
    fig.add_heatmap(
        z=[np.linspace(low, 1, _STEPS)],
        x=np.linspace(low, 1, _STEPS),
        colorscale=[
            [place, f"rgb{colour}"]
            for place, colour in zip(np.linspace(0, 1, len(scale)), scale, strict=True)
        ],
        showscale=False,
        hoverinfo="skip",
    )
    finish(fig, height=64)
    fig.update_layout(margin_b=32)
    ends = _numbered(signed, limit)
    fig.update_xaxes(tickvals=[low, (low + 1) / 2, 1], ticktext=ends, ticks="", showgrid=False)
    fig.update_xaxes(range=[low - (1 - low) * 0.17, 1 + (1 - low) * 0.17], zeroline=False)
    fig.update_yaxes(visible=False)
    return fig


def _numbered(signed: bool, limit: float | None) -> list[str]:
    words = _SIGNED if signed else _UNSIGNED
    if limit is None:
        return list(words)
    low = f"−{limit:.3g} " if signed else "0 "
    middle = "0 " if signed else ""
    return [low + words[0], middle + words[1], f"{limit:.3g} {words[2]}"]
