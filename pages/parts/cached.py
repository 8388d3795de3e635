"""What networks are, computed once for all sessions and kept within a bound.

Graphs describe a network without its weights; one weighs less than a megabyte. Models, which have
weights, are kept in `pages/parts/looking.py`, each with its lock.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

import cnn_models
from analysis.structure import (
    comparison,
    decisions,
    described,
    graph,
    ledger,
    relatives,
    source,
    variants,
)
from analysis.structure.inception_table import inception_table

MOST = 200  # networks: more than the lectures have
TABLES = 50  # of configurations: more than their papers have


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
def paper_and_code(key: str) -> ledger.Ledger:
    """What is printed, built here, and built by those who publish weights."""
    return ledger.ledger(key, traced(key))


@st.cache_data(max_entries=TABLES, show_spinner=False)
def configurations(keys: tuple[str, ...]) -> variants.Configurations:
    """The layers of networks that stand in one table."""
    return variants.configurations(_graphs(keys))


@st.cache_data(max_entries=TABLES, show_spinner=False)
def figures(keys: tuple[str, ...]) -> pd.DataFrame:
    """Depth, counts and printed errors of networks that stand in one table."""
    return relatives.figures(_graphs(keys))


@st.cache_data(max_entries=TABLES, show_spinner=False)
def told_apart(keys: tuple[str, ...]) -> tuple[str, ...]:
    """What sets networks apart that share a column of their table."""
    columns = configurations(keys).columns
    return tuple(s for c in columns for s in relatives.told_apart(c.keys, _graphs(c.keys)))


@st.cache_data(max_entries=TABLES, show_spinner=False)
def table_of_blocks(key: str) -> pd.DataFrame:
    """GoogLeNet's Table 1, counted for the network `key`."""
    return inception_table(traced(key))


def _graphs(keys: tuple[str, ...]) -> dict[str, graph.Graph]:
    return {key: traced(key) for key in keys}


@st.cache_data(max_entries=MOST, show_spinner=False)
def code(key: str) -> tuple[source.SourcePart, ...]:
    """The classes of the network, from their file."""
    return source.block_source(cnn_models.spec(key))


@st.cache_data(max_entries=MOST, show_spinner="Looking into the network …")
def offer(key: str, decision: str) -> decisions.Offer:
    """What a decision can be in a network; raises NotOffered where it makes no sense there."""
    return decisions.offer_of(key, decision)


@st.cache_data(max_entries=MOST, show_spinner="Changing the network …")
def changed(key: str, decision: str, value: decisions.Value) -> decisions.Change:
    """A network before and after a decision."""
    return decisions.apply(key, decision, value)
