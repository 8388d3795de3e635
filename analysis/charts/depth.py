"""Where along the depth a network spends its parameters, multiply-adds and memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from analysis.amounts import listed, short
from analysis.charts import layout
from analysis.charts.palette import DASHES, KIND_COLOURS, NEUTRAL, family_colour

MOST_TICKS = 14  # stage labels along the axis; more would overlap on a phone


@dataclass(frozen=True)
class Quantity:
    """A column of the depth profile, as the page names it."""

    column: str
    label: str
    unit: str
    scale: float = 1.0

    @property
    def format(self) -> str:
        """How Plotly writes a value: with k, M and G where the quantity has no unit."""
        return ",.3~g" if self.unit else ".4~s"

    def amount(self, value: float) -> str:
        """A value as a sentence quotes it, such as "411 M" or "12.3 MiB"."""
        return f"{short(value / self.scale)} {self.unit or self.label.lower()}"


QUANTITIES = {
    "params": Quantity("parameters", "Parameters", ""),
    "macs": Quantity("multiply-adds", "Multiply-adds", ""),
    "memory": Quantity("activation bytes", "Memory", "MiB", 2**20),
}


def bars(profile: pd.DataFrame, quantity: Quantity) -> go.Figure:
    """One bar an operation, in order of the forward pass, coloured by kind.

    `profile` is what `analysis.structure.comparison.depth_profile` returns.
    """
    rows = profile[profile[quantity.column] > 0].reset_index(drop=True)
    fig = go.Figure()
    for kind, part in rows.groupby("kind", sort=False):
        fig.add_bar(
            x=part.index,
            y=part[quantity.column] / quantity.scale,
            name=str(kind),
            marker_color=KIND_COLOURS.get(str(kind), NEUTRAL),
            customdata=part[["name", "output shape"]],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>"
            f"%{{y:{quantity.format}}} {quantity.unit}<extra>{kind}</extra>",
        )
    starts = _starts(list(rows["stage"]))
    fig.update_xaxes(tickvals=list(starts), ticktext=list(starts.values()), tickangle=-40)
    _finish(fig, quantity)
    fig.update_layout(bargap=0.1)
    return fig


def _starts(stages: list[str]) -> dict[int, str]:
    """Where each stage begins, leaving out labels too close to the last one to fit."""
    starts: dict[int, str] = {}
    for place, stage in enumerate(stages):
        begins = place == 0 or stage != stages[place - 1]
        if begins and place >= max(starts, default=-len(stages)) + len(stages) / MOST_TICKS:
            starts[place] = stage
    return starts


def curves(
    profiles: Mapping[str, pd.DataFrame], families: Mapping[str, str], quantity: Quantity
) -> go.Figure:
    """What each network has spent after which share of its operations, on one axis.

    The keys of `profiles` are the names to show; `families` gives each name's family.
    """
    fig = go.Figure()
    seen: dict[str, int] = {}
    for name, profile in profiles.items():
        family = families[name]
        repeat = seen.get(family, 0)
        seen[family] = repeat + 1
        share = (profile.index.to_numpy() + 1) / len(profile) * 100
        fig.add_scatter(
            x=share,
            y=profile[quantity.column].cumsum() / quantity.scale,
            name=name,
            mode="lines",
            cliponaxis=False,
            line={
                "color": family_colour(family),
                "dash": DASHES[repeat],
                "width": 3.5,
                "shape": "hv",
            },
            customdata=profile[["name"]],
            hovertemplate=f"%{{customdata[0]}}<br>%{{y:{quantity.format}}} {quantity.unit} so far",
        )
    fig.update_xaxes(title="share of the operations done", ticksuffix="%")
    _finish(fig, quantity)
    return fig


def notice(profile: pd.DataFrame, quantity: Quantity) -> str:
    """Which operation and which stage spend most, in a sentence with their numbers."""
    values = profile[quantity.column].to_numpy()
    total = values.sum()
    if not total:
        return f"No operation of this network has any {quantity.label.lower()}."
    top = int(values.argmax())
    spent: dict[str, float] = {}
    for stage, value in zip(profile["stage"], values, strict=True):
        spent[stage] = spent.get(stage, 0) + value
    dearest = max(spent, key=lambda stage: spent[stage])
    return (
        f"The most expensive operation is `{profile['name'].iloc[top]}` with "
        f"{quantity.amount(values[top])}, {values[top] / total:.0%} of all; the most expensive "
        f"stage is `{dearest}` with {spent[dearest] / total:.0%}."
    )


def notice_of_curves(profiles: Mapping[str, pd.DataFrame], quantity: Quantity) -> str:
    """After which share of its operations each network has spent half, in one sentence."""
    halves = []
    for name, profile in profiles.items():
        spent = profile[quantity.column].cumsum()
        position = (spent >= spent.iloc[-1] / 2).to_numpy().argmax()
        halves.append(
            f"{name} after {(position + 1) / len(profile):.0%} of its operations "
            f"(in `{profile['stage'].iloc[position]}`)"
        )
    return f"{quantity.label}: half of the total is used up in {listed(halves)}."


def _finish(fig: go.Figure, quantity: Quantity) -> None:
    title = f"{quantity.label} ({quantity.unit})" if quantity.unit else quantity.label
    fig.update_yaxes(title=title, tickformat=quantity.format, rangemode="tozero")
    layout.finish(fig)
