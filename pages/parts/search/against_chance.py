"""The strategies side by side: who finds a good network with fewer tries."""

from __future__ import annotations

import streamlit as st

from analysis.charts import search as charts
from analysis.experiments.search import comparison, verdict
from analysis.experiments.search.comparison import Comparison
from pages.parts import columns, segments
from pages.parts.studies import shown

_SHOWN = {"regret": "Behind the best", "sampled": "What is tried"}


def draw() -> None:
    """Draw the choice of the quantity, the curves, the verdict and its origin."""
    st.markdown(f"**{comparison.QUESTION}**")
    record = shown.record(comparison.NAME)
    if record is None:
        return
    compared = Comparison(record.rows)
    quantity = segments.choose("race", _SHOWN, "regret", "Curves", hidden=False, asked="the curves")
    drawn = charts.regret if quantity == "regret" else charts.sampled
    st.plotly_chart(
        drawn(compared),
        config={"displayModeBar": False},
        key=f"strategies by {quantity}",
        alt=f"{_SHOWN[quantity]}, by the number of networks tried: random search, evolution and a "
        f"controller, mean and interval over {compared.seeds} seeds",
    )
    st.markdown(verdict.sentence(compared))
    st.dataframe(verdict.table(compared), hide_index=True, column_config=columns.STRATEGIES)
    st.caption(
        "Percentage points of test accuracy, of reward in the last column: means over "
        f"{compared.seeds} seeds with 95% intervals (Student's). Every search draws its rewards "
        "from the recorded training of all networks, so it is known how far its best network is "
        f"from the best of all. {record.origin}"
    )
