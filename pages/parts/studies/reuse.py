"""Which earlier layers the layers of a trained DenseNet read."""

from __future__ import annotations

import streamlit as st

from analysis.charts.reuse import heat_map
from analysis.experiments.studies import reuse
from analysis.vision.paths.reuse import PROTOCOL
from pages.parts import segments
from pages.parts.studies import shown

_BLOCKS = {str(number): f"Block {number}" for number in (1, 2, 3)}


def draw() -> None:
    """Draw the heat map of one block, the mean over the seeds."""
    st.markdown(f"**{reuse.QUESTION}**")
    found = shown.record("reuse")
    if found is None:
        return
    number = int(segments.choose("dense", _BLOCKS, "1", "Block"))
    st.plotly_chart(
        heat_map(reuse.mean_map(found.rows, number), number),
        config={"displayModeBar": False},
        key="reuse over seeds",
        alt=f"How much each layer of block {number} reads from each layer before it",
    )
    st.markdown(reuse.verdict(found.rows, number))
    st.caption(PROTOCOL)
    shown.origin(found)
