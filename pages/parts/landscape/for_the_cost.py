"""Accuracy for each parameter and for each multiply-add, as a ranking."""

import streamlit as st

from analysis.charts import ranking_bars
from analysis.structure import landscape, per_cost
from pages.parts.landscape import all_networks, choices

MOST = 15  # bars, before those in focus


def draw() -> None:
    """The choices, the bars, and what to notice."""
    with st.container(horizontal=True, gap="medium"):
        cost = choices.cost()
        size = choices.size(comparable=True)
        basis = choices.basis(size, landscape.ACCURACY)
    rows = all_networks.table(size, landscape.ACCURACY, basis, all_networks.focus_keys())
    shown, focus = landscape.shown(rows), all_networks.focus_keys()
    kept = landscape.comparable(shown)
    ranked = per_cost.ranking(kept, cost)
    short = per_cost.shortened(ranked, MOST, focus)
    st.plotly_chart(
        ranking_bars.bars(short, f"points per {cost.unit}", focus),
        config={"displayModeBar": False},
        alt=f"Networks ranked by accuracy for each {cost.unit}",
    )
    for sentence in per_cost.notice(ranked, cost):
        st.markdown(sentence)
    notes = [
        f"The first {MOST} of {len(ranked)}, the last one, and the networks in focus.",
        *landscape.protocols(kept, basis),
        landscape.left_out(rows, shown),
        landscape.not_comparable(shown),
    ]
    st.caption(" ".join(filter(None, notes)))
    st.download_button("Ranking as CSV", ranked.to_csv(), "ranking.csv", "text/csv")
