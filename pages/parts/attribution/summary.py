"""Under the grid: what its colours mean, what to notice, its numbers, and a picture to keep."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.charts.map_legend import colour_bar
from analysis.vision import overlay
from analysis.vision.attribution import METHODS
from analysis.vision.maps import notice, scales
from analysis.vision.maps.grid import columns
from analysis.vision.maps.sheet import sheet
from analysis.vision.maps.table import table
from pages.parts import focus
from pages.parts.attribution.choices import Look
from pages.parts.attribution.grid import Grid
from pages.parts.attribution.rows import Row

_NUMBERS = {
    "network": st.column_config.TextColumn("network", pinned=True),
    "largest": st.column_config.NumberColumn("largest", format="%.3g"),
    "tenth": st.column_config.NumberColumn("% in the top tenth of pixels", format="%.1f"),
    "sum": st.column_config.NumberColumn("sum", format="%.3g"),
    "off by": st.column_config.NumberColumn("off by", format="%.2g"),
}


def say_what_a_link_carries() -> None:
    """A picture of one's own stays where it is."""
    if st.session_state.get("source") != "sample":
        st.caption(
            "A link to this page carries your choices, but not your picture: who opens it needs "
            "the same file, or a sample."
        )


def draw(rows: Sequence[Row], grid: Grid, look: Look) -> None:
    """Draw what there is to say about the maps that there are."""
    if not grid.maps:
        return
    _legend(grid, look)
    crops = {row.speaker.key: notice.crop_of(row.speaker) for row in rows}
    st.markdown("\n".join(f"- {line}" for line in notice.notice(grid.maps, crops)))
    with st.expander("The numbers of each map"):
        st.dataframe(table(grid.maps), column_config=_NUMBERS, hide_index=True)
    st.download_button(
        "The grid as a picture (PNG)",
        lambda: _sheet(rows, grid, look),
        "attribution.png",
        "image/png",
        icon=":material/download:",
        on_click="ignore",
    )


def _legend(grid: Grid, look: Look) -> None:
    limit = next(iter(grid.limits.values())) if look.scale == "all" else None
    kinds = sorted({found.signed for found in grid.maps.values()}, reverse=True)
    for column, signed in zip(st.columns(2), kinds, strict=False):
        column.plotly_chart(
            colour_bar(signed, limit),
            config={"displayModeBar": False},
            key=f"colours of {'signed' if signed else 'unsigned'} maps",
            alt=f"The colours of the maps: {overlay.LEGENDS[signed]}",
        )
    st.caption(scales.said(grid.maps, grid.limits, look.scale))


def _sheet(rows: Sequence[Row], grid: Grid, look: Look) -> bytes:
    names = {
        row.speaker.key: f"{focus.display_name(row.speaker.key)}: {row.target.words}"
        for row in rows
    }
    methods = {method: METHODS[method].label for method in columns(grid.maps)}
    kinds = sorted({found.signed for found in grid.maps.values()}, reverse=True)
    below = [
        *(overlay.LEGENDS[signed] for signed in kinds),
        scales.said(grid.maps, grid.limits, look.scale),
    ]
    return sheet(grid.pictures, names, methods, below)
