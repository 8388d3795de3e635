"""The network in training and the network that is asked."""

from __future__ import annotations

import streamlit as st

from analysis.charts import normalisation as drawing
from analysis.experiments.signal import modes
from pages.parts import measured

NAME = "normalisation_modes"


def draw() -> None:
    """Draw the errors with both kinds of statistics."""
    here = measured.is_made_here()
    rows = measured.rows(NAME, here)
    if rows is None:
        return
    measured.figure(drawing.modes(rows), "errors by mode", "Errors by step in both modes")
    st.markdown(modes.sentence(rows))
    st.caption(
        "In training, a map is normalised by the mean and variance of its batch. When the network "
        "is asked, it takes averages that were kept: after each step they move a tenth of the way "
        "to the batch's. The same weights, the same images."
    )
    measured.origin(NAME, here)
