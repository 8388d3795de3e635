"""What the columns or the heads of a network say, and how often they are right."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.charts import layout
from analysis.charts.palette import NEUTRAL
from analysis.vision.paths.part import Part
from analysis.vision.prediction import top_k

_TICKS = [0, 25, 50, 75, 100]


def says(parts: Sequence[Part], classes: Sequence[str], colour: str) -> go.Figure:
    """One bar a part: its most likely class and the probability; the whole network in `colour`."""
    tops = [top_k(part.probabilities, classes, 1)[0] for part in parts]
    texts = [f"{top.name} {percent(top.probability)}" for top in tops]
    return _bars(parts, [top.probability for top in tops], texts, colour)


def right(parts: Sequence[Part], shares: Sequence[float], colour: str) -> go.Figure:
    """One bar a part: the share of test pictures that it gets right."""
    return _bars(parts, shares, [percent(share) for share in shares], colour)


def _bars(
    parts: Sequence[Part], shares: Sequence[float], texts: Sequence[str], colour: str
) -> go.Figure:
    fig = go.Figure()
    inside = [share > 0.5 for share in shares]
    fig.add_bar(
        x=[100 * share for share in shares],
        y=[part.label for part in parts],
        text=texts,
        textposition=["inside" if long else "outside" for long in inside],
        insidetextanchor="end",
        orientation="h",
        marker_color=[colour if part.whole else NEUTRAL for part in parts],
        textfont_size=16,
        customdata=[part.where for part in parts],
        hovertemplate="%{y}: %{text}<br>%{customdata}<extra></extra>",
        cliponaxis=False,
    )
    fig.update_xaxes(range=[0, 105], tickvals=_TICKS, ticktext=[f"{tick}%" for tick in _TICKS])
    fig.update_yaxes(autorange="reversed")
    layout.finish(fig, height=80 + 52 * len(parts))
    fig.update_layout(margin_r=28)  # or the last number would be left out on a telephone
    return fig


def notice(parts: Sequence[Part], classes: Sequence[str]) -> str:
    """Which parts say the same as the whole, in a sentence."""
    tops = [top_k(part.probabilities, classes, 1)[0] for part in parts]
    main = next(top for part, top in zip(parts, tops, strict=True) if part.whole)
    early = [(part, top) for part, top in zip(parts, tops, strict=True) if not part.whole]
    same = [part.label for part, top in early if top.index == main.index]
    sentence = f"The whole network says **{main.name}** with {percent(main.probability)}; "
    if len(same) == len(early):
        agreeing = "do all parts" if len(early) > 1 else f"does {same[0].lower()}"
        return f"{sentence}so {agreeing} alone."
    others = ", ".join(
        f"{part.label.lower()} says {top.name} ({percent(top.probability)})"
        for part, top in early
        if top.index != main.index
    )
    return f"{sentence}{others}."
