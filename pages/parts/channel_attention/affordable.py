"""Work that takes long starts only when somebody asks for it."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import exact, short
from analysis.structure.graph import Graph
from analysis.vision.gates.effort import PATIENCE, effort
from pages.parts import url


def is_wanted(graph: Graph, passes: int, what: str) -> bool:
    """Whether to do so many passes through a network: draws a switch where they take long."""
    if passes * effort(graph.totals()) <= PATIENCE:
        return True
    cost = f"{exact(passes)} passes of {short(graph.totals().macs)} multiply-adds"
    with url.kept("measure", [True, False], False):
        wanted = st.toggle("Measure it", key="measure", help=f"Takes {cost}.")
    if not wanted:
        st.caption(f"Switch it on to measure {what}: {cost}.")
    return bool(wanted)
