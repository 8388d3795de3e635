"""How errors fall while networks learn, and where they end, with the range over the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import DASHES, NEUTRAL, family_colour
from analysis.experiments import lab
from analysis.experiments.studies.spread import Spread

_BAND = 0.16  # opacity of the range over the seeds


class Style(NamedTuple):
    """How one run is drawn in every chart of its study."""

    colour: str
    dash: str


def styles(networks: Mapping[str, str]) -> dict[str, Style]:
    """One style a label, a colour a family, another line for the next of it."""
    found: dict[str, Style] = {}
    seen: list[str] = []
    for label, network in networks.items():
        colour = family_colour(lab.family(network))
        found[label] = Style(colour, DASHES[seen.count(colour) % len(DASHES)])
        seen.append(colour)
    return found


def curves(
    lines: Mapping[str, Mapping[int, Spread]],
    axis: str,
    looks: Mapping[str, Style],
    across: str = "epoch",
    from_zero: bool = True,
) -> go.Figure:
    """Epochs to the right, an error upwards: the mean over the seeds in the band of all of them.

    `lines` holds a spread of shares for each epoch of each run (`studies.spread.by_epoch`).
    `across` is what is counted to the right. `from_zero` shows the whole scale from 0 to 100%.
    """
    fig = go.Figure()
    for label, line in lines.items():
        epochs, spreads = list(line), list(line.values())
        low, high = ([100 * getattr(s, end) for s in spreads] for end in ("low", "high"))
        fig.add_scatter(
            x=[*epochs, *reversed(epochs)],
            y=[*high, *reversed(low)],
            fill="toself",
            fillcolor=looks[label].colour,
            opacity=_BAND,
            line_width=0,
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            legendgroup=label,
        )
        fig.add_scatter(
            x=epochs,
            y=[100 * spread.mean for spread in spreads],
            name=label,
            mode="lines",
            line={"color": looks[label].colour, "dash": looks[label].dash, "width": 3},
            legendgroup=label,
            customdata=list(zip(low, high, strict=True)),
            hovertemplate=across + " %{x}: %{y:.1f}% (%{customdata[0]:.1f} to "
            "%{customdata[1]:.1f}%)<extra>" + label + "</extra>",
        )
    fig.update_xaxes(title=across)
    fig.update_yaxes(title=f"{axis} in %", range=[0, 102] if from_zero else None, zeroline=False)
    layout.finish(fig)
    fig.update_layout(showlegend=len(lines) > 1)
    return fig


def ends(
    values: Mapping[str, Sequence[float]],
    axis: str,
    colours: Mapping[str, str] | None = None,
    most: float | None = None,
) -> go.Figure:
    """One line a run: a small dot for each seed, and the mean as a bar across; shares in percent.

    The first run stands on top. `most` is the largest share of all charts on the same scale.
    """
    fig = go.Figure()
    places = {label: place for place, label in enumerate(values)}
    for label, shares in values.items():
        colour = (colours or {}).get(label, NEUTRAL)
        percents = [100 * share for share in shares]
        mean = sum(percents) / len(percents)
        fig.add_scatter(
            x=[min(percents), max(percents)],
            y=[places[label]] * 2,
            mode="lines",
            line={"color": colour, "width": 3},
            opacity=0.5,
            hoverinfo="skip",
        )
        fig.add_scatter(
            x=percents,
            y=[places[label]] * len(percents),
            mode="markers",
            marker={"color": colour, "size": 11, "opacity": 0.6},
            hovertemplate="one seed: %{x:.1f}%<extra>" + label + "</extra>",
        )
        fig.add_scatter(
            x=[mean],
            y=[places[label]],
            mode="markers+text",
            marker={"symbol": "line-ns", "size": 12, "line": {"width": 4, "color": colour}},
            text=[f"{mean:.1f}%"],
            textposition="top center",
            textfont_size=layout.TICKS,
            hoverinfo="skip",
            cliponaxis=False,
        )
    highest = 100 * (most or max(map(max, values.values())))
    fig.update_xaxes(title=f"{axis} in %", range=[0, highest * 1.08 + 1], zeroline=False)
    fig.update_yaxes(
        tickvals=list(places.values()),
        ticktext=list(places),
        range=[len(places) - 0.4, -0.8],
        showgrid=False,
        zeroline=False,
    )
    layout.finish(fig, 110 + 62 * len(places))
    fig.update_layout(showlegend=False, margin_r=24)
    return fig
