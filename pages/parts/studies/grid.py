"""The grid of small networks on the axes of the landscape."""

from __future__ import annotations

import streamlit as st

from analysis.charts import scaling as drawing
from analysis.experiments.records import Record
from analysis.experiments.studies import scaling
from pages.parts import segments
from pages.parts.studies import shown
from pages.parts.training import launch

_COSTS = {"multiply_adds": "Multiply-adds", "parameters": "Parameters"}


def draw() -> None:
    """Draw the choice of the cost, the dots, and what they say."""
    found = shown.record(scaling.STUDY.name)
    if found is not None:
        cost = segments.choose("against", _COSTS, "multiply_adds", "Cost")
        _dots(found, cost)
        st.markdown(scaling.verdict(found.rows))
        shown.origin(found, scaling.STUDY.arms[0])
        st.caption(
            "The digits were scanned at 8 pixels: at 16 pixels the network sees the same digit on "
            "a finer field, so resolution buys finer steps between its layers and no new detail."
        )
    launch.offer(scaling.STUDY)


def _dots(found: Record, cost: str) -> None:
    points = scaling.points(found.rows, cost)
    st.plotly_chart(
        drawing.against_cost(points, _COSTS[cost].lower()),
        config={"displayModeBar": False},
        key="accuracy against cost",
        alt=f"Test accuracy of {len(points)} small networks against their {_COSTS[cost].lower()}",
    )
