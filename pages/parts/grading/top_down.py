"""The sanity check from the top down: maps while layer after layer forgets."""

from __future__ import annotations

import streamlit as st

from analysis.charts import grading as drawing
from analysis.vision.grading import sentences
from analysis.vision.voices import Voice
from pages.parts import focus, looking, url
from pages.parts.grading import live
from pages.parts.grading.choices import Choice

MOST = 10  # pictures


def draw(speaker: Voice, choice: Choice) -> None:
    """Draw a switch and, where it is on, the likeness of each map after so many lost layers."""
    with url.kept("cascade", [True, False], False, label="the cascade"):
        wanted = st.toggle("Lose the weights from the top down, layer by layer", key="cascade")
    if not wanted:
        return
    name = focus.display_name(speaker.key)
    try:
        found = live.cascaded(speaker, choice.methods, choice.plan, MOST)
    except looking.REFUSALS as refusal:
        st.warning(f"{name} could not be asked: {refusal}", icon=":material/block:")
        return
    if found is None:
        return
    st.plotly_chart(
        drawing.falling(found.rows, found.layers),
        config={"displayModeBar": False},
        key="falling",
        alt=f"Rank correlation of each map of {name} while layers get random weights",
    )
    st.markdown(sentences.cascading(name, found))
