"""The columns of a FractalNet, each asked alone, with and without drop-path."""

from __future__ import annotations

import streamlit as st

from analysis.charts.palette import NEUTRAL, family_colour
from analysis.experiments.studies import columns
from pages.parts.studies import shown

_COLOURS = {columns.WITH: family_colour("fractalnet"), columns.WITHOUT: NEUTRAL}


def draw() -> None:
    """Draw one chart with drop-path and one without, and what they say."""
    st.markdown(f"**{columns.QUESTION}**")
    found = shown.record("columns")
    if found is None:
        return
    errors = {run: columns.errors(found.rows, run) for run in _COLOURS}
    most = max(max(shares) for values in errors.values() for shares in values.values())
    for place, (run, colour) in zip(st.columns(2, gap="large"), _COLOURS.items(), strict=True):
        values, key = errors[run], f"columns {run}"
        with place:
            st.markdown(f"Trained {run}" if run == columns.WITH else "Trained without drop-path")
            shown.dots(values, "test error", dict.fromkeys(values, colour), key, most)
    st.markdown(columns.verdict(found.rows))
    shown.origin(found)
