"""Which learning rates a network trains with."""

from __future__ import annotations

import streamlit as st

from analysis.charts import normalisation as drawing
from analysis.experiments.signal import rates
from analysis.experiments.signal.measurements import MEASUREMENTS
from analysis.experiments.signal.small_network import DEPTH
from pages.parts import measured

NAME = "learning_rates"


def draw() -> None:
    """Draw one line with and one without."""
    here = measured.is_made_here()
    rows = measured.rows(NAME, here)
    if rows is None:
        return
    found = rates.over_seeds(rows)
    plan = MEASUREMENTS[NAME].small if here else MEASUREMENTS[NAME].full
    measured.figure(drawing.rates(found), "errors by rate", "Errors for each learning rate")
    st.markdown(rates.sentence(found))
    st.caption(
        f"A plain network of {DEPTH} layers learns the digits for {plan.steps} steps of 64 images "
        "at one constant rate. A cross: the loss became infinite with every seed. Lines are means "
        "over the seeds, their shade is the range."
    )
    measured.origin(NAME, here)
