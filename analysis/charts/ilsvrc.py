"""The ILSVRC years 2010-2017: how the error fell while the depth rose."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.charts.palette import family_colour

_FILE = Path(__file__).parents[2] / "assets" / "ilsvrc.json"


@dataclass(frozen=True)
class Entry:
    """One entry of the challenge: top-5 error in percent; depth in layers with weights.

    `year` is None for the human error.
    """

    year: int | None
    name: str
    error: float
    depth: int | None
    family: str | None
    key: str | None

    @property
    def label(self) -> str:
        return f"{self.year} {self.name}" if self.year else self.name


@dataclass(frozen=True)
class Challenge:
    """All entries, the human error in percent, and where the figures are from."""

    entries: tuple[Entry, ...]
    human: float
    origin: str


@cache
def challenge() -> Challenge:
    """The results as printed; see `origin` for the sources."""
    raw = json.loads(_FILE.read_text(encoding="utf-8"))
    entries = tuple(Entry(**row) for row in raw["entries"])
    return Challenge(entries, raw["human"], raw["origin"])


def figure(data: Challenge) -> go.Figure:
    """Two panels of bars with one row an entry: error on the left, depth on the right.

    A row for the human error stands where the entries pass it. `customdata` of an entry's bar is
    the key of its network.
    """
    fig = make_subplots(
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        column_widths=[0.56, 0.44],
        subplot_titles=("top-5 error", "layers"),
    )
    rows = _rows(data)
    common = {
        "y": [row.label for row in rows],
        "customdata": [row.key for row in rows],
        "orientation": "h",
        "marker_color": [family_colour(row.family) for row in rows],
        "textposition": "outside",
        "textfont_size": 15,
        "hoverinfo": "none",
    }
    errors = [row.error for row in rows]
    fig.add_bar(x=errors, text=[f"{error:g} %" for error in errors], row=1, col=1, **common)
    fig.add_bar(
        x=[row.depth or 0 for row in rows], text=[_depth(row) for row in rows], row=1, col=2,
        **common,
    )  # fmt: skip
    fig.update_xaxes(visible=False, fixedrange=True, range=[0, 1.5 * max(errors)], col=1)
    fig.update_xaxes(visible=False, fixedrange=True, range=[0, 230], col=2)
    fig.update_yaxes(autorange="reversed", fixedrange=True, tickfont_size=15)
    fig.update_layout(
        height=430, showlegend=False, bargap=0.28, margin={"l": 0, "r": 0, "t": 36, "b": 0}
    )
    return fig


def _rows(data: Challenge) -> list[Entry]:
    """The entries with a person between the last one above the human error and the next."""
    above = [entry for entry in data.entries if entry.error > data.human]
    below = [entry for entry in data.entries if entry.error <= data.human]
    return [*above, Entry(None, "a person", data.human, None, None, None), *below]


def _depth(entry: Entry) -> str:
    if entry.depth:
        return str(entry.depth)
    if entry.year is None:
        return ""
    return "no network" if entry.year < 2012 else "several"


def notice(data: Challenge) -> str:
    """What to see in the figure, in sentences that quote its numbers."""
    first, last = data.entries[0], data.entries[-1]
    steps = {b.name: (a.error - b.error, b) for a, b in pairwise(data.entries)}
    step, leap = max(steps.values(), key=lambda pair: pair[0])
    beyond = next(entry for entry in data.entries if entry.error < data.human)
    deeper = (beyond.depth or 0) / (leap.depth or 1)
    return (
        f"The error fell from {first.error:g} % in {first.year} to {last.error:g} % in "
        f"{last.year}, a factor of {first.error / last.error:.1f}. The largest step, {step:.1f} "
        f"points, came with {leap.name} in {leap.year}: the first convolutional network here, "
        f"{leap.depth} layers deep. {beyond.name} went below a person's {data.human} % in "
        f"{beyond.year} with {beyond.depth} layers, {deeper:.0f} times as many."
    )
