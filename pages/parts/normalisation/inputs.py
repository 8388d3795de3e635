"""What a layer is given while the network learns."""

from __future__ import annotations

import streamlit as st

from analysis.charts import normalisation as drawing
from analysis.experiments.signal import drift
from analysis.experiments.signal.drift import LAYERS
from analysis.experiments.signal.small_network import WORDS
from pages.parts import measured, segments

NAME = "layer_inputs"
_PLACES = dict(zip(("1", "3", "5", "7"), LAYERS, strict=True))


def draw() -> None:
    """Draw the percentiles with and without, side by side."""
    place, here = measured.choices(
        lambda: segments.choose(
            "relu", {key: f"ReLU {key}" for key in _PLACES}, "7", "Layer", hidden=False
        ),
        measured.is_made_here,
    )
    rows = measured.rows(NAME, here)
    if rows is None:
        return
    layer, seed = _PLACES[place], int(rows["seed"].iloc[0])
    for column, (norm, words) in zip(st.columns(2, gap="large"), WORDS.items(), strict=True):
        with column:
            st.markdown(f"**{words.capitalize()}{'' if norm else ' batch norm'}**")
            measured.figure(
                drawing.drifts(rows, layer, seed, norm),
                f"inputs {words}",
                f"Percentiles of the input of {layer} by step, {words}",
            )
    st.markdown(drift.sentence(rows, layer))
    st.caption(
        f"What ReLU {place} of 7 is given for one batch of 64 digits, over all its units: the "
        f"median, and where half and nine tenths of the values lie; seed {seed}. The two charts "
        "have scales of their own. After S. Ioffe and C. Szegedy 2015, Figure 1."
    )
    measured.origin(NAME, here)
