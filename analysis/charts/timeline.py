"""The ILSVRC entries year by year, and what one network of each reaches alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

import cnn_models
from analysis.amounts import listed
from analysis.charts import layout
from analysis.charts.ilsvrc import Challenge, Entry
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.structure import accuracy

HEIGHT = 520  # pixels


@dataclass(frozen=True)
class Pair:
    """An entry of the challenge, and one network of it alone: its name and error in percent.

    `alone` and `figure` are None where the atlas has no such network, or nobody prints its error.
    """

    entry: Entry
    alone: str | None = None
    figure: accuracy.Figure | None = None

    @property
    def error(self) -> float | None:
        return None if self.figure is None else round(100 - self.figure.accuracy, 2)


def pairs(data: Challenge) -> list[Pair]:
    """Each entry beside the lowest top-5 error that is printed for one network of it."""
    found = []
    for entry in data.entries:
        if entry.key is None:
            found.append(Pair(entry))
            continue
        spec = cnn_models.spec(entry.key)
        figure = accuracy.best_printed(spec, accuracy.TOP5)
        found.append(Pair(entry, spec.display_name, figure))
    return found


def years(rows: Sequence[Pair], human: float) -> go.Figure:
    """One line an entry, the first year on top: diamonds for entries, circles for one network."""
    fig = go.Figure()
    for row in rows:
        if row.error is not None:
            fig.add_scatter(
                x=[row.error, row.entry.error],
                y=[row.entry.label] * 2,
                mode="lines",
                line={"color": family_colour(row.entry.family), "width": 3},
                hoverinfo="skip",
                showlegend=False,
            )
    _draw_entries(fig, rows)
    _draw_alone(fig, [row for row in rows if row.error is not None])
    fig.add_vline(x=human, layer="below", line={"color": NEUTRAL, "width": 1.5, "dash": "dot"})
    fig.add_annotation(
        x=human, y=rows[0].entry.label, text=f"a person, {human}%", showarrow=False, xanchor="left"
    )
    last = max(row.entry.error for row in rows)
    fig.update_xaxes(
        title="top-5 error",
        tickvals=list(range(0, round(last) + 1, 10)),
        ticktext=[f"{value}%" for value in range(0, round(last) + 1, 10)],
        range=[-0.2 * last, 1.25 * last],  # room for the numbers on both sides
        zeroline=False,
    )
    fig.update_yaxes(
        categoryorder="array",
        categoryarray=[row.entry.label for row in reversed(rows)],
        showgrid=False,
    )
    layout.finish(fig, HEIGHT)
    return fig


def _draw_entries(fig: go.Figure, rows: Sequence[Pair]) -> None:
    fig.add_scatter(
        x=[row.entry.error for row in rows],
        y=[row.entry.label for row in rows],
        name="entry, test set",
        mode="markers+text",
        marker={
            "symbol": "diamond",
            "size": 16,
            "color": [family_colour(row.entry.family) for row in rows],
        },
        text=[f"<b>{row.entry.error:g}%</b>" for row in rows],
        textposition=["middle right" if _is_worse(row) else "middle left" for row in rows],
        textfont_size=layout.TICKS,
        customdata=[row.entry.averaged or "no network" for row in rows],
        hovertemplate="%{customdata}, test set: %{x}%<extra></extra>",
    )


def _is_worse(row: Pair) -> bool:
    """Whether the entry's error is the larger one of its line."""
    return row.error is None or row.error < row.entry.error


def _draw_alone(fig: go.Figure, rows: Sequence[Pair]) -> None:
    fig.add_scatter(
        x=[row.error for row in rows],
        y=[row.entry.label for row in rows],
        name="one network alone, validation set",
        mode="markers+text",
        marker={
            "symbol": "circle-open",
            "size": 14,
            "line": {"width": 3},
            "color": [family_colour(row.entry.family) for row in rows],
        },
        text=[f"{row.error:g}%" for row in rows],
        textposition=["middle left" if _is_worse(row) else "middle right" for row in rows],
        textfont_size=layout.TICKS,
        customdata=[f"{row.alone}: {row.figure.protocol}" for row in rows if row.figure],
        hovertemplate="%{customdata}<br>%{x}%<extra></extra>",
    )


def notice(rows: Sequence[Pair], human: float) -> list[str]:
    """What averaging was worth, and who alone was better than a person."""
    counted = [row for row in rows if row.error is not None and row.entry.averaged[:1].isdigit()]
    told = [
        f"{row.entry.name} {row.entry.error:g}% with {row.entry.averaged}, "
        f"{row.alone} alone {row.error:g}%"
        for row in counted
    ]
    beyond = [row for row in rows if row.error is not None and row.error < human]
    sentences = [
        "The entries of the challenge are averages of several networks on many crops, so they "
        f"cannot be compared with a single network: {'; '.join(told)}."
    ]
    if beyond:
        names = listed([f"{row.alone} ({row.error:g}%)" for row in beyond])
        sentences.append(f"Below a person's {human}% with one network are {names}.")
    return sentences


def table(rows: Sequence[Pair]) -> pd.DataFrame:
    """The chart in numbers, with the protocol of every figure.

    Columns: "year", "entry", "answered by", "test top-5 error (%)", "one network", "its top-5
    error (%)" (float64, NaN where nobody prints it), "protocol" and "source".
    """
    return pd.DataFrame(
        {
            "year": row.entry.year,
            "entry": row.entry.name,
            "answered by": row.entry.averaged or "no network",
            "test top-5 error (%)": row.entry.error,
            "one network": row.alone or "",
            "its top-5 error (%)": float("nan") if row.error is None else row.error,
            "protocol": row.figure.protocol if row.figure else "",
            "source": row.figure.source if row.figure else "",
        }
        for row in rows
    )
