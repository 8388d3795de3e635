"""Links to networks with which a part of the page has something to show."""

from __future__ import annotations

import streamlit as st

from analysis.vision import voices
from analysis.vision.predicting.judged import knows_shapes
from pages.parts import focus, url


def shapes(part: str, sentence: str) -> None:
    """Say why something is not shown, and link to the networks that have learned from Shapes."""
    keys = [key for key in voices.trained_here() if knows_shapes(voices.voice(key))]
    with st.container(border=True):
        st.markdown(sentence)
        if keys:
            st.page_link(
                "pages/predict.py",
                label=f"Show it with {len(keys[: focus.MOST])} networks that ship",
                icon=":material/verified:",
                query_params={focus.KEY: keys[: focus.MOST], "part": part},
            )


def picture_in_the_address() -> dict[str, list[str]]:
    """The choice of networks and picture, for a link to another page."""
    wanted = (focus.KEY, "source", "sample")
    return {key: texts for key in wanted if (texts := url.drawn(key))}
