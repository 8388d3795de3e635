"""Every result that pages share, computed once and kept within a bound.

Graphs describe a network without its weights and are small; models hold weights, so few are kept,
each with the lock that a probe must hold.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.structure import comparison, graph


@st.cache_resource(max_entries=64, show_spinner="Tracing the network …")
def traced(key: str) -> graph.Graph:
    """The traced graph of a network at the input size of its paper."""
    return graph.of(key)


@st.cache_data(max_entries=64, show_spinner=False)
def layer_table(key: str) -> pd.DataFrame:
    return traced(key).table()


@st.cache_data(max_entries=64, show_spinner=False)
def depth_profile(key: str) -> pd.DataFrame:
    return comparison.depth_profile(traced(key))
