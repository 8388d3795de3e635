"""The layer table of one network, and the arithmetic behind the layer that is chosen in it."""

from __future__ import annotations

import streamlit as st

from analysis import amounts
from analysis.structure import formulas
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from pages.parts import cached, columns, url

_LAYER = "layer"  # in the address: the name of the chosen operation


def table(key: str, graph: Graph) -> None:
    """Draw the table, its download, and the formulas of the chosen row."""
    rows = cached.layer_table(key)
    names = list(rows["name"])
    asked = url.asked_for(_LAYER, names)
    picked = st.dataframe(
        rows,
        hide_index=True,
        height=420,
        column_config=columns.layer_table(names),
        key=f"layers of {key}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="all",
        selection_default={"selection": {"rows": [names.index(asked)]}} if asked else None,
    )
    st.download_button("Table as CSV", rows.to_csv(index=False), f"{key}.csv", "text/csv")
    chosen = picked.selection.rows
    url.note(_LAYER, names[chosen[0]] if chosen else None)
    if chosen:
        _explain(graph.operations[chosen[0]])
    else:
        st.caption("Tick a row: its formulas appear here, with the numbers put in.")


def _explain(operation: Operation) -> None:
    with st.container(border=True):
        st.markdown(f"**{operation.name}** · {operation.kind}")
        for formula in formulas.explain(operation):
            st.markdown(
                f"{formula.quantity} = {formula.rule}  \n= {formula.numbers} "
                f"= **{amounts.exact(formula.value)}**"
            )
            if formula.where:
                st.caption(formula.where)
