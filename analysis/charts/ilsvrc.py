"""The ILSVRC years 2010-2017: how the error fell while the depth rose.

Plain HTML and not Plotly: the first page is there two seconds sooner without Plotly's script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from analysis.charts.palette import family_colour

_FILE = Path(__file__).parents[2] / "assets" / "ilsvrc.json"


@dataclass(frozen=True)
class Entry:
    """One entry of the challenge: top-5 error in percent; depth in layers with weights.

    `year` is None for the human error. `averaged` says how many networks answered together, such as
    "7 networks"; it is empty where none did.
    """

    year: int | None
    name: str
    error: float
    depth: int | None
    family: str | None
    key: str | None
    averaged: str = ""

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


def table(data: Challenge) -> str:
    """HTML: one row an entry with its error and its depth as bars, each network a link.

    A row for the human error stands where the entries pass it. Colours of text are the page's.
    """
    rows = _rows(data)
    cells = ["<span></span>", "<b>top-5 error</b>", "<b>layers</b>"]
    for row in rows:
        colour = family_colour(row.family)
        cells.append(f'<span style="text-align:right">{_linked(row)}</span>')
        cells.append(_bar(row.error / max(r.error for r in rows), colour, f"{row.error:g}%"))
        cells.append(_bar((row.depth or 0) / max(r.depth or 0 for r in rows), colour, _depth(row)))
    grid = "display:grid;grid-template-columns:max-content 5fr 4fr;gap:0.45rem 0.8rem"
    said = f"{len(data.entries)} entries with top-5 error and depth"
    return (
        f'<div role="group" aria-label="{said}" '
        f'style="{grid};align-items:center;line-height:1.5;margin-bottom:1rem">{"".join(cells)}</div>'
    )


def _linked(entry: Entry) -> str:
    name = escape(entry.label)
    if entry.key is None:
        return name
    href = f"architecture?networks={quote(entry.key)}"
    return f'<a href="{href}" target="_self" style="color:inherit">{name}</a>'


def _bar(share: float, colour: str, text: str) -> str:
    """A bar of `share` of the room that its text leaves."""
    room = "calc((100% - 3.8rem) * " + f"{share:.4f})"
    bar = f'<span style="width:{room};height:1.4em;background:{colour};border-radius:3px"></span>'
    return f'<span style="display:flex;gap:0.4rem;white-space:nowrap">{bar}{escape(text)}</span>'


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
        f"The error fell from {first.error:g}% in {first.year} to {last.error:g}% in "
        f"{last.year}, a factor of {first.error / last.error:.1f}. The largest step, {step:.1f} "
        f"points, came with {leap.name} in {leap.year}: the first convolutional network here, "
        f"{leap.depth} layers deep. {beyond.name} went below a person's {data.human}% in "
        f"{beyond.year} with {beyond.depth} layers, {deeper:.0f} times as many."
    )
