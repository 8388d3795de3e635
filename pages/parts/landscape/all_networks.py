"""The bubbles: all networks at once, what they cost, and what they reach."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.charts import bubble_view, bubbles, bubbles_notice
from analysis.structure import landscape
from pages.parts import focus
from pages.parts.landscape import choices, picked

# Only the button that saves a picture: the browser draws it, no server is needed.
BAR = {
    "displayModeBar": True,
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "filename": "landscape", "scale": 2},
}


@st.cache_data(max_entries=32, show_spinner=False)
def table(size: str, height: str, basis: str, focus: tuple[str, ...] = ()) -> pd.DataFrame:
    """All networks of one size of image, with their accuracies, and those in focus."""
    return landscape.table(size, height, basis, focus)


def draw() -> None:
    """The choices, the chart, what to notice, and the network that was clicked."""
    with st.container(horizontal=True, gap="medium"):
        size = choices.size()
        height = choices.height(size)
        basis = choices.basis(size, height)
    rows = table(size, height, basis, focus_keys())
    place = st.container()
    last, slider, area_place = st.columns([3, 4, 4], gap="medium")
    with last:
        families = choices.families(list(landscape.shown(rows)["family"].unique()))
    with slider:
        until = choices.until(landscape.shown(rows))
    with area_place:
        area = choices.area(height)
    kept = landscape.shown(rows, families, until)
    network = picked.current()
    missing = landscape.without_a_bubble(focus_keys(), kept, size)
    with place:
        if kept.empty:
            st.info(landscape.nothing(size, height, basis, families, until))
        else:
            scope = landscape.shown(rows, families)
            label = landscape.heights(size)[height]
            _chart(kept, bubble_view.View(label, area, scope, focus_keys(), network))
        if missing:
            st.caption(missing)
    if network:
        picked.card(network, set(kept.index))
    elif not kept.empty:
        st.caption("Click a bubble: the network opens here.")
    if not kept.empty:
        _words(rows, kept, families, basis, area)


def focus_keys() -> tuple[str, ...]:
    """The networks in focus."""
    return tuple(st.session_state.get(focus.KEY) or [])


def _chart(kept: pd.DataFrame, view: bubble_view.View) -> None:
    st.plotly_chart(
        bubbles.bubbles(kept, view),
        config=BAR,
        key=picked.CHART,
        on_select=picked.clicked,
        selection_mode="points",
        alt=f"{view.label} against multiply-adds of {len(kept)} networks",
    )


def _words(
    rows: pd.DataFrame, kept: pd.DataFrame, families: list[str], basis: str, area: str
) -> None:
    for sentence in bubbles_notice.notice(kept):
        st.markdown(sentence)
    notes = [bubbles_notice.area(kept, area), landscape.left_out(rows, kept, families)]
    if "accuracy" in kept:
        notes = [*landscape.protocols(kept, basis), *notes]
    st.caption(" ".join(filter(None, notes)))
    st.download_button("Networks shown as CSV", kept.to_csv(), "landscape.csv", "text/csv")
