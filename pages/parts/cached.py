"""What networks are, computed once for all sessions and kept within a bound.

Graphs describe a network without its weights; one weighs less than a megabyte. Models, which have
weights, are kept in `pages/parts/looking.py`, each with its lock.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

import cnn_models
from analysis.structure import comparison, described, graph, source

MOST = 200  # networks: more than the lectures have


@st.cache_resource(max_entries=MOST, show_spinner="Tracing the network …")
def traced(key: str) -> graph.Graph:
    """The traced graph of a network at the input size of its paper."""
    return described.traced(key)


@st.cache_data(max_entries=MOST, show_spinner=False)
def layer_table(key: str) -> pd.DataFrame:
    """One row an operation."""
    return traced(key).table()


@st.cache_data(max_entries=MOST, show_spinner=False)
def depth_profile(key: str) -> pd.DataFrame:
    """What each operation spends, with the stage that it belongs to."""
    return comparison.depth_profile(traced(key), cnn_models.spec(key).stages)


@st.cache_data(max_entries=MOST, show_spinner=False)
def ledger(key: str) -> pd.DataFrame:
    """Paper against code, one row a figure."""
    return described.ledger(key, traced(key).totals())


@st.cache_data(max_entries=MOST, show_spinner=False)
def code(key: str) -> tuple[source.SourcePart, ...]:
    """The classes of the network, from their file."""
    return source.block_source(cnn_models.spec(key))
