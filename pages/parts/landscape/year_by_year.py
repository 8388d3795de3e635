"""The challenge year by year: averages of networks apart from single ones."""

import streamlit as st

from analysis.charts import ilsvrc, timeline
from pages.parts.landscape import columns


def draw() -> None:
    """The chart, what to notice, and its numbers."""
    data = ilsvrc.challenge()
    rows = timeline.pairs(data)
    st.plotly_chart(
        timeline.years(rows, data.human),
        config={"displayModeBar": False},
        alt="Top-5 error of the entries of ILSVRC 2010 to 2017, and of one network of each alone",
    )
    for sentence in timeline.notice(rows, data.human):
        st.markdown(sentence)
    table = timeline.table(rows)
    st.dataframe(
        table, hide_index=True, height="content", placeholder="–", column_config=columns.ENTRIES
    )
    st.download_button("Entries as CSV", table.to_csv(index=False), "ilsvrc.csv", "text/csv")
    st.caption(
        f"{data.origin} Errors of one network: the papers of the networks, on the validation set."
    )
