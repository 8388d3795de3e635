"""The signal in networks that have learned nothing yet."""

from __future__ import annotations

import streamlit as st

from analysis.charts import gradient_flow as drawing
from analysis.experiments.signal import flow
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.flow import Plan
from pages.parts import measured
from pages.parts.gradient_flow import choices

NAME = "gradient_flow"


def draw() -> None:
    """Draw one line a network."""
    quantity = choices.quantity()
    depth, init, norm = measured.choices(
        choices.depth, choices.init, lambda: choices.norm(default=False)
    )
    here = measured.is_made_here()
    plan = Plan((depth,), (init,), (norm,), images=32)
    rows = measured.rows(NAME, here, plan)
    if rows is None:
        return
    own = where(rows, depth=depth, init=init, norm=norm)
    found = flow.over_seeds(own, quantity)
    measured.figure(
        drawing.flows(found, choices.UNITS[quantity]),
        "signal by layer",
        f"{flow.QUANTITIES[quantity]} along the layers of four networks",
    )
    st.markdown(flow.sentence(found, quantity))
    st.caption(
        "Digits, one batch of 32, before the first step; geometric mean and range over the seeds. "
        f"The dense network grows by {flow.GROWTH} maps a layer. Zeros around small maps take a "
        "part of the signal, so that even He's rule does not keep it whole."
    )
    measured.origin(NAME, here, plan)
