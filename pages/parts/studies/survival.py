"""How likely each block works in a batch, and how many work on average."""

from __future__ import annotations

import streamlit as st

from analysis.charts import survival as drawing
from analysis.experiments.studies import stochastic
from pages.parts import url

_PERCENT = range(10, 101, 10)


def draw() -> None:
    """Draw the choice of the last block's chance, the line over the blocks and what it comes to."""
    st.markdown("**How many blocks work in a batch?**")
    with url.kept("survival", _PERCENT, 50, label="the survival of the last block"):
        last = st.slider(
            "The last block works in so many % of the batches",
            _PERCENT[0],
            _PERCENT[-1],
            step=_PERCENT.step,
            key="survival",
        )
    found = stochastic.survival(stochastic.DEPTH, last / 100)
    st.plotly_chart(
        drawing.chances(found),
        config={"displayModeBar": False},
        key="survival by block",
        alt=f"Chance of each of {len(found.chances)} blocks to work in a batch",
    )
    st.markdown(stochastic.survival_notice(found, last / 100))
