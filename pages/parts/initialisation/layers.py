"""The variance of the signal behind each of many layers, for each rule."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.charts import starts as drawing
from analysis.experiments.signal import variance
from analysis.experiments.signal.measurements import MEASUREMENTS
from analysis.experiments.signal.starts import STARTS
from analysis.experiments.signal.variance import FUNCTIONS
from pages.parts import measured, segments

NAME = "initialisation"
_FUNCTIONS = {name: function.label for name, function in FUNCTIONS.items()}


def draw() -> None:
    """Draw one line a rule."""
    function, here = measured.choices(
        lambda: segments.choose("after", _FUNCTIONS, "relu", "Behind each layer", hidden=False),
        measured.is_made_here,
    )
    plan = replace(MEASUREMENTS[NAME].small, functions=(function,))
    rows = measured.rows(NAME, here, plan)
    if rows is None:
        return
    found = variance.over_seeds(rows)
    measured.figure(
        drawing.variances(found, function),
        "variance by layer",
        f"Variance behind each layer for {len(STARTS)} rules, {_FUNCTIONS[function]}",
    )
    st.markdown(variance.sentence(found, function))
    st.caption(
        "Lines are measured: the mean over networks that were drawn at random, with the range of "
        "single networks. Circles are the formula: a layer multiplies the mean square of what it "
        "is given by n · Var(w), and ReLU halves it. Zeros have no place on this axis."
    )
    if function == "tanh":
        st.caption(
            "tanh never leaves -1 to 1. With very large weights its variance stays as well, but "
            "then every unit is saturated and hardly any gradient gets through."
        )
    _table()
    measured.origin(NAME, here, plan)


def _table() -> None:
    with st.expander("The rules"):
        st.markdown(
            "\n".join(
                f"- **{start.label}**: variance {start.formula} ({start.source})"
                for start in STARTS.values()
            )
        )
