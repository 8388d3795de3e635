"""The record of all networks of the search space, read once for all sessions."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.records import Record
from analysis.experiments.search import table
from analysis.experiments.search.tabulated import Tabulated
from pages.parts.studies import shown


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs={Record: lambda found: found.name})
def tabulated(found: Record) -> Tabulated:
    """The rows of the record by network."""
    return Tabulated.from_rows(found.rows)


def networks() -> tuple[Tabulated, Record] | None:
    """Every network with what it reaches, and its record; None where there is none, as is said."""
    found = shown.record(table.NAME)
    return None if found is None else (tabulated(found), found)
