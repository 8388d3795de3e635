"""What each tool prints for the whole network, and what the differences are made of."""

from __future__ import annotations

import streamlit as st

from analysis.charts import counters
from analysis.structure.counters import tables
from analysis.structure.counters.differences import Comparison
from pages.parts.counting import columns


def section(name: str, comparison: Comparison) -> None:
    """Draw the bars, a sentence a tool, and the table of causes."""
    st.plotly_chart(
        counters.bars(comparison),
        config={"displayModeBar": False},
        alt=f"What each tool prints for {name}, and what it adds or leaves out, by cause",
    )
    st.caption(
        "The lower bars have a scale of their own, in multiply-adds: the factor between FLOPs and "
        "multiply-adds is taken out of them."
    )
    for sentence in tables.notice(comparison):
        st.markdown(f"- {sentence}")
    for refusal in comparison.refusals.values():
        st.warning(refusal)

    st.subheader("Each difference and its cause")
    st.dataframe(
        tables.causes(comparison),
        hide_index=True,
        width="stretch",
        column_config=columns.CAUSES,
    )
    st.caption(
        "The program lays the rows of each tool beside the traced graph, module by module, and "
        "tries rules on them. A rule counts only if it gives the difference of a row exactly. "
        "Values read and written are the numbers in a layer's input and output. "
        f"{tables.remainders(comparison)}"
    )

    st.subheader("In numbers")
    st.dataframe(
        tables.totals(comparison),
        hide_index=True,
        width="stretch",
        column_config=columns.COUNTS,
        placeholder="not counted",
    )
    st.caption(tables.parameters(comparison))
    for sentence in tables.skipped(comparison):
        st.caption(sentence)
