"""How the columns of the counts and of the memory look, together as wide as the page."""

from collections.abc import Iterable

import streamlit as st

CAUSES = {
    "tool": st.column_config.TextColumn("tool", pinned=True, width=122),
    "cause": st.column_config.TextColumn("cause", width=170),
    "rule": st.column_config.TextColumn("rule", width=214),
    "amount": st.column_config.NumberColumn("amount", format="localized", width=112),
    "operations": st.column_config.TextColumn("operations", width=180),
    "example": st.column_config.TextColumn("most in", width=112),
}
COUNTS = {
    "tool": st.column_config.TextColumn("tool", pinned=True, width=124),
    "prints": st.column_config.NumberColumn("prints", format="localized", width=130),
    "for one multiply-add": st.column_config.NumberColumn("for one multiply-add", width=140),
    "difference": st.column_config.NumberColumn("difference", format="localized", width=130),
    "not explained": st.column_config.NumberColumn("not explained", format="localized", width=100),
    "parameters": st.column_config.NumberColumn("parameters", format="localized", width=110),
}
SUMS = {
    "for": st.column_config.TextColumn("for", pinned=True, width=76),
    "part": st.column_config.TextColumn("part", width=118),
    "rule": st.column_config.TextColumn("rule", width=222),
    "numbers": st.column_config.TextColumn("numbers put in", width=288),
    "bytes": st.column_config.NumberColumn("bytes", format="localized", width=124),
    "memory": st.column_config.TextColumn("memory", width=80),
}
KEPT = {
    "kind": st.column_config.TextColumn("kind of layer", pinned=True, width=190),
    "keeps": st.column_config.TextColumn("keeps", width=380),
    "for each image": st.column_config.NumberColumn(
        "bytes for each image", format="localized", width=160
    ),
    "once": st.column_config.NumberColumn("bytes once", format="localized", width=120),
}


def counted_by(tools: Iterable[str]) -> dict:
    """Columns of a table with one count a tool."""
    count = st.column_config.NumberColumn(format="localized", width=134)
    return {
        "layer": st.column_config.TextColumn("layer", pinned=True, width=200),
        "kind": st.column_config.TextColumn("kind", width=172),
        "layers": st.column_config.NumberColumn("layers", width=60),
    } | dict.fromkeys(tools, count)
