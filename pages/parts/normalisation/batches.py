"""Errors by the size of the batch."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import counted
from analysis.charts import normalisation as drawing
from analysis.experiments.signal import batches
from analysis.experiments.signal.measurements import MEASUREMENTS
from pages.parts import measured

NAME = "batch_sizes"


def draw() -> None:
    """Draw one line with and one without."""
    here = measured.is_made_here()
    rows = measured.rows(NAME, here)
    if rows is None:
        return
    found = batches.over_seeds(rows)
    plan = MEASUREMENTS[NAME].small if here else MEASUREMENTS[NAME].full
    measured.figure(
        drawing.batch_sizes(found), "errors by batch", "Errors for each size of the batch"
    )
    st.markdown(batches.sentence(found))
    st.caption(
        f"Every network learns for {counted(plan.epochs, 'epoch')}; the learning rate is "
        f"{plan.rate:g} for a batch of 64 and in proportion for others, so small batches make more "
        "and smaller steps. Means over the seeds, with the range."
    )
    measured.origin(NAME, here)
