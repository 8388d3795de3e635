"""Networks with which a part of the page has something to show, and the way to another page."""

from __future__ import annotations

import streamlit as st

from analysis.vision.shape_batch import knowing_shapes
from pages.parts import focus, url


def shapes(sentence: str) -> None:
    """Say why something is not shown, and offer the networks that have learned from Shapes."""
    keys = list(knowing_shapes())[: focus.MOST]
    with st.container(border=True):
        st.markdown(sentence)
        if keys:
            label = f"Show it with {len(keys)} networks that ship"
            focus.offer(label, keys, ":material/verified:")


def attribution() -> None:
    """Link to the maps of the same networks for the same picture."""
    chosen = {key: url.drawn(key) for key in (focus.KEY, "source", "sample")}
    st.page_link(
        "pages/attribution.py",
        label="Which pixels speak for these classes?",
        icon=":material/arrow_forward:",
        query_params={key: texts for key, texts in chosen.items() if texts},
    )
