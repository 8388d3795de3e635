"""Errors of a deep network while it learns, from each start."""

from __future__ import annotations

import streamlit as st

from analysis.charts import starts as drawing
from analysis.experiments.signal import learning
from pages.parts import measured

NAME = "starts"


def draw() -> None:
    """Draw one line a rule."""
    here = measured.is_made_here()
    rows = measured.rows(NAME, here)
    if rows is None:
        return
    found = learning.over_seeds(rows)
    measured.figure(
        drawing.learned(found), "errors by start", "Errors after each epoch, one line a rule"
    )
    st.markdown(learning.sentence(found))
    st.caption(
        "Linear layers with ReLU between them and no normalisation learn scikit-learn's digits. "
        "One who guesses is wrong in about 90%."
    )
    measured.origin(NAME, here)
