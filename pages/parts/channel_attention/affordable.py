"""Work that takes long starts only when somebody asks for it."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import short
from pages.parts import url

PATIENCE = 80 * 10**9  # multiply-adds: some seconds on two cores, with a bar that can be stopped


def is_wanted(macs: int, what: str) -> bool:
    """Whether to do work of so many multiply-adds: draws a switch where it is not quick."""
    if macs <= PATIENCE:
        return True
    cost = f"{short(macs)} multiply-adds"
    with url.kept("measure", [True, False], False):
        wanted = st.toggle("Measure it", key="measure", help=f"Takes {cost}.")
    if not wanted:
        st.caption(f"Switch it on to measure {what}: {cost}.")
    return bool(wanted)
