"""Links to networks with which a part of the page has something to show."""

from __future__ import annotations

import streamlit as st

from analysis.vision.shape_batch import knowing_shapes
from pages.parts import focus, url


def shapes(part: str, sentence: str) -> None:
    """Say why something is not shown, and link to the networks that have learned from Shapes."""
    keys = list(knowing_shapes())
    with st.container(border=True):
        st.markdown(sentence)
        if keys:
            st.page_link(
                "pages/predict.py",
                label=f"Show it with {len(keys[: focus.MOST])} networks that ship",
                icon=":material/verified:",
                query_params={focus.KEY: keys[: focus.MOST], "part": part},
            )


def attribution() -> None:
    """Link to the maps of the same networks for the same picture."""
    chosen = {key: url.drawn(key) for key in (focus.KEY, "source", "sample")}
    st.page_link(
        "pages/attribution.py",
        label="Which pixels speak for these classes?",
        icon=":material/arrow_forward:",
        query_params={key: texts for key, texts in chosen.items() if texts},
    )
