"""What each tool counts, by kind of operation and layer by layer."""

from __future__ import annotations

import streamlit as st

from analysis.structure.counters import tables
from analysis.structure.counters.differences import Comparison
from pages.parts.counting import columns


def section(key: str, comparison: Comparison) -> None:
    """Draw both tables, with the sentence on which kinds the tools differ in."""
    tools = list(comparison.accounts)
    st.subheader("By kind of operation")
    st.dataframe(
        tables.operators(comparison),
        hide_index=True,
        width="stretch",
        column_config=columns.counted_by(tools),
    )
    st.markdown(tables.notice_of_kinds(comparison))
    for refusal in comparison.refusals.values():
        st.warning(refusal)

    st.subheader("Layer by layer")
    rows = tables.layers(comparison)
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        height=520,
        column_config=columns.counted_by(tools),
    )
    st.download_button("Table as CSV", rows.to_csv(index=False), f"{key}-counts.csv", "text/csv")
    st.caption(
        "Each number is as the tool prints it for one image. A layer that no tool counts, such as "
        "an activation function, has no row."
    )
