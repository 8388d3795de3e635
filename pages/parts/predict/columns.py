"""How the table of several pictures looks."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def answer_columns(networks: Sequence[str]) -> dict:
    """A small picture, the file's name, and class and probability for each network."""
    columns = {
        "": st.column_config.NumberColumn("", width=44),
        "picture": st.column_config.ImageColumn("picture", width=76),
        "file": st.column_config.TextColumn("file", width=150),
        "problem": st.column_config.TextColumn("problem", width=220),
    }
    for name in networks:
        columns[f"{name}: class"] = st.column_config.TextColumn(name, width=150)
        columns[f"{name}: probability"] = st.column_config.ProgressColumn(
            "probability", width=110, format="percent", min_value=0, max_value=1
        )
    return columns
