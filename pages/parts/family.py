"""The variants of a network's family in one table, with what they cost and what they reach."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import family_table
from analysis.structure import relatives
from analysis.structure.relatives import Relatives
from pages.parts import cached, columns, focus, url

# Papers that give their network as a table of blocks, with a column for each branch.
_WITH_BRANCHES = ("googlenet",)


def section(key: str) -> None:
    """Draw the table that holds the network `key`, or that of another paper of its family."""
    held = _choose(key)
    names = {k: focus.display_name(k) for k in held.keys}
    with st.spinner(f"Tracing {len(names)} networks …"):
        table, rows = cached.configurations(held.keys), cached.figures(held.keys)
    if held.name in _WITH_BRANCHES:
        shown = key if key in names else held.keys[0]
        st.markdown(f"{names[shown]}, row by row as in Table 1 of the paper, counted anew:")
        st.dataframe(
            cached.table_of_blocks(shown),
            hide_index=True,
            height="content",
            column_config=columns.BLOCKS,
        )
    else:
        st.markdown(family_table.html(table, names, key), unsafe_allow_html=True)
    st.markdown(relatives.growth(rows))
    for sentence in cached.told_apart(held.keys):
        st.markdown(f"- {sentence}")
    st.dataframe(rows, hide_index=True, height="content", column_config=columns.FIGURES)


def _choose(key: str) -> Relatives:
    """The table of `key`, unless another one of its family is asked for."""
    tables = {table.name: table for table in relatives.relatives(cnn_models.spec(key).family)}
    own = next(table.name for table in tables.values() if key in table.keys)
    if len(tables) == 1:
        return tables[own]
    with url.kept("paper", tables, own, label="the paper"):
        chosen = st.selectbox(
            "Paper", list(tables), format_func=lambda name: tables[name].title, key="paper"
        )
    return tables[chosen]
