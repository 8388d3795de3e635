"""A search as it trains its networks: their rewards, the best of them, and its table."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import counted
from analysis.charts import search as charts
from analysis.experiments import outcome
from analysis.experiments.messages import Search
from analysis.experiments.search import trail
from analysis.experiments.search.strategies import TITLES
from analysis.experiments.ticket import Ticket


def draw(ticket: Ticket, search: Search) -> None:
    """Draw the rewards as they come, what was found, and what went wrong."""
    judged = list(ticket.search.judged)
    seen = [report.seen for report in judged]
    st.caption(
        f"Who chooses: {TITLES[search.strategy]}. {counted(search.children, 'network')}, seed "
        f"{search.seed}."
    )
    st.plotly_chart(
        charts.rewards(seen, search.children),
        config={"displayModeBar": False},
        key=f"rewards of {ticket.name}",
        alt=f"Rewards of the {len(seen)} networks that were trained so far",
    )
    st.markdown(trail.best_in_words(seen))
    if seen and seen[-1].chances:
        st.plotly_chart(
            charts.chances(seen[-1]),
            config={"displayModeBar": False},
            key=f"chances of {ticket.name}",
            alt="Chance of each option at each decision when the latest network was drawn",
        )
    for sentence in (*outcome.untrained(judged), *filter(None, [ticket.problem])):
        st.warning(sentence, icon=":material/report:")


def export(ticket: Ticket, search: Search) -> None:
    """Draw the download of the table; what an unfinished search has tried is there too."""
    if ticket.search.judged:
        st.download_button(
            "Networks tried (CSV)",
            trail.csv(search, ticket.search.judged),
            "search.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
