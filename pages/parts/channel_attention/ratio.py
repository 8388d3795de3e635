"""What the gates cost with one reduction ratio and with others."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import gate_effects as drawing
from analysis.charts.palette import family_colour
from analysis.vision.gates import notices
from analysis.vision.gates.ratio import ratio_costs
from pages.parts import cached, focus, segments
from pages.parts.channel_attention import network

_QUANTITIES = {"params": "Parameters", "macs": "Multiply-adds"}


def draw(key: str) -> None:
    """Draw one bar a ratio."""
    gates, totals = network.gates(key), cached.traced(key).totals()
    rows = ratio_costs(gates, totals.params, totals.macs)
    quantity = segments.choose("quantity", _QUANTITIES, "params", "Quantity")
    st.plotly_chart(
        drawing.ratio_bars(
            rows, quantity, _QUANTITIES[quantity], family_colour(cnn_models.spec(key).family)
        ),
        config={"displayModeBar": False},
        key="cost against the ratio",
        alt=f"{_QUANTITIES[quantity]} of the gates of {focus.display_name(key)} for "
        f"{len(rows)} reduction ratios",
    )
    st.markdown(notices.of_ratio(rows, gates))
    st.caption(
        "A gate takes C channels to C / r values and back: 2 · C² / r weights, and its biases. The "
        "bar in colour is the network as it is. The others were not trained here, so these are "
        "costs alone: what another r does to the accuracy is not measured."
    )
