"""The variants of a network's family in one table, with what they cost and what they reach."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import cnn_models
from analysis.charts import family_table
from analysis.structure import relatives
from analysis.structure.relatives import Relatives
from pages.parts import cached, columns, focus, url

MOST_SENTENCES = 3  # that stand open

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
    if len(rows) == 1:  # its figures stand at the top of the page
        return
    st.markdown(relatives.growth(rows))
    _say(cached.told_apart(held.keys))
    rows, measured = relatives.measured_alike(rows)
    st.dataframe(rows, hide_index=True, height="content", column_config=columns.FIGURES)
    if measured:
        st.caption(f"All errors are printed for {measured}.")


def _say(sentences: Sequence[str]) -> None:
    said = "\n".join(f"- {sentence}" for sentence in sentences)
    if len(sentences) <= MOST_SENTENCES:
        st.markdown(said)
        return
    with st.expander(f"What sets networks with the same layers apart ({len(sentences)})"):
        st.markdown(said)


def _choose(key: str) -> Relatives:
    """The table of `key`, unless another one of its family is asked for."""
    tables = {table.name: table for table in relatives.relatives(cnn_models.spec(key).family, key)}
    own = next(table.name for table in tables.values() if key in table.keys)
    if len(tables) == 1:
        return tables[own]
    with url.kept("paper", tables, own, label="the paper"):
        chosen = st.selectbox(
            "Paper", list(tables), format_func=lambda name: tables[name].title, key="paper"
        )
    return tables[chosen]
