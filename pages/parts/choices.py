"""Choices that more than one page offers."""

import streamlit as st

from analysis.charts import depth
from pages.parts import url


def quantity() -> depth.Quantity:
    """Parameters, multiply-adds or memory: what a depth chart shows."""
    with url.kept("quantity", depth.QUANTITIES, "params"):
        chosen = st.segmented_control(
            "Quantity",
            list(depth.QUANTITIES),
            required=True,
            format_func=lambda name: depth.QUANTITIES[name].label,
            key="quantity",
            label_visibility="collapsed",
        )
    return depth.QUANTITIES[chosen]
