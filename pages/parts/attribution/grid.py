"""The maps, each computed once for all sessions and drawn in its place as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.progress import Report
from analysis.vision import overlay, sight
from analysis.vision.attribution import METHODS, AttributionMap, attribute
from analysis.vision.maps import scales
from analysis.vision.maps.grid import Place, named
from analysis.vision.maps.settings import Settings
from analysis.vision.probe import Shared
from pages.parts import looking
from pages.parts.attribution.choices import Look
from pages.parts.attribution.rows import Cell, Row


@dataclass
class Grid:
    """The maps that there are, as they are shown; `limits` are where their colours end."""

    maps: dict[Place, AttributionMap] = field(default_factory=dict)
    limits: dict[Place, float] = field(default_factory=dict)
    pictures: dict[Place, np.ndarray] = field(default_factory=dict)
    slots: dict[Place, DeltaGenerator] = field(default_factory=dict)


def fill(rows: Sequence[Row], methods: Sequence[str], settings: Settings, look: Look) -> Grid:
    """Draw each map, and again those whose scale another one has changed."""
    grid = Grid()
    for method in methods:
        for row in rows:
            place = row.speaker.key, method
            with row.cells[method].picture:
                found = _asked(row, method, settings)
            if found is not None:
                grid.maps[place] = scales.as_shown(found[0], look.sign)
                grid.slots[place] = row.cells[method].picture.empty()
                _say(row.cells[method], *found)
                _paint(grid, rows, look)
    return grid


def _asked(row: Row, method: str, settings: Settings) -> tuple[AttributionMap, str | None] | None:
    """The map and what to say about the device; None if it is refused or was stopped."""
    target = row.target
    options = settings.options(row.speaker, target, method)

    def work(shared: Shared, report: Report) -> AttributionMap:
        return attribute(shared, row.seen.tensor, target.index, method, options, report)

    label, question = METHODS[method].label, ("attribution", method, target.index, options)
    try:
        return looking.asked(row.speaker, row.seen.tensor, question, label, work)
    except looking.REFUSALS as refusal:
        st.markdown(":material/block: No map")
        row.cells[method].below.warning(str(refusal))
        return None


def _say(cell: Cell, found: AttributionMap, note: str | None) -> None:
    for line in (_completeness(found), found.note, note):
        if line:
            cell.below.caption(line)


def _completeness(found: AttributionMap) -> str:
    if found.delta is None:
        return ""
    total = float(found.values.sum(dtype=np.float64))
    return f"Adds up to {total:.2f}, off by {abs(found.delta):.2g}"


def _paint(grid: Grid, rows: Sequence[Row], look: Look) -> None:
    limits = scales.limits(grid.maps, look.scale)
    seen = {row.speaker.key: row.seen.picture for row in rows}
    for place, found in grid.maps.items():
        if grid.limits.get(place) != limits[place]:
            laid = overlay.overlay(seen[place[0]], found, look.strength, limits[place])
            grid.pictures[place] = sight.enlarged(laid)
            grid.slots[place].image(
                grid.pictures[place], width="stretch", output_format="PNG", alt=named(place)
            )
    grid.limits = limits
