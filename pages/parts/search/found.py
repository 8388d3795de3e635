"""A network that a search found: its layers, its diagram, and the ways on from it."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import diagram
from analysis.charts.palette import family_colour
from analysis.experiments.search.trail import in_words
from analysis.structure import outline
from cnn_models.families.searched import key_of
from pages.parts import cached, focus


def drawing(number: int) -> None:
    """Draw the network by its stages."""
    spec = cnn_models.spec(key_of(number))
    drawn = outline.by_stage(cached.traced(spec.key), spec.stages)
    st.graphviz_chart(
        diagram.dot(drawn, family_colour(spec.family)),
        width="content",
        alt=f"Diagram of {spec.display_name}: {in_words(number)}",
    )


def ways_on(number: int) -> None:
    """Draw a button that puts the network in focus, and a link to how it is built."""
    key = key_of(number)
    held = [other for other in focus.held() if other != key]
    with st.container(horizontal=True, vertical_alignment="center"):
        if key in focus.held():
            st.markdown(f":material/check: {focus.display_name(key)} is in focus.")
        else:
            keys = [key, *held[: focus.MOST - 1]]
            focus.offer(f"Put {focus.display_name(key)} in focus", keys, ":material/add:")
        st.page_link(
            "pages/architecture.py",
            label="Open in Architecture",
            icon=":material/arrow_forward:",
            query_params={focus.KEY: [key, *held[: focus.MOST - 1]]},
        )
