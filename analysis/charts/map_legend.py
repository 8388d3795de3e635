"""What the colours of attribution maps mean, as a bar."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from analysis.charts.layout import finish
from analysis.vision.overlay import DIVERGING, SEQUENTIAL

_STEPS = 101
_SIGNED = ("against", "nothing", "for the class")
_UNSIGNED = ("nothing", "", "most")
_ENDS = ("left", "center", "right")


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
    finish(fig, height=60)
    fig.update_layout(margin_b=28)
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False)
    words = zip(_numbered(signed, limit), _ENDS, strict=True)
    for at, (text, side) in enumerate(words):
        fig.add_annotation(
            text=text, x=at / 2, xref="paper", xanchor=side, y=0, yref="paper", yanchor="top",
            showarrow=False,
        )  # fmt: skip
    return fig


def _numbered(signed: bool, limit: float | None) -> list[str]:
    words = _SIGNED if signed else _UNSIGNED
    if limit is None:
        return list(words)
    low = f"−{limit:.3g} " if signed else "0 "
    middle = "0 " if signed else ""
    return [low + words[0], middle + words[1], f"{limit:.3g} {words[2]}"]
