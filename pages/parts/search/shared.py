"""One set of weights for all networks: how well it ranks them, and what it saves."""

from __future__ import annotations

import streamlit as st

from analysis.charts import search as charts
from analysis.experiments.search import comparison, enas, sharing
from analysis.experiments.search.comparison import Comparison
from analysis.experiments.search.sharing import Sharing
from pages.parts import segments
from pages.parts.search import found, tabled
from pages.parts.studies import shown


def draw() -> None:
    """Draw the choice of the seed, shared against true accuracy, and what that says."""
    st.markdown(f"**{enas.QUESTION}**")
    there, record, compared = (
        tabled.networks(),
        shown.record(enas.NAME),
        shown.record(comparison.NAME),
    )
    if there is None or record is None or compared is None:
        return
    shares = Sharing(record.rows, there[0], Comparison(compared.rows))
    seeds = {str(seed): str(seed) for seed in shares.seeds}
    seed = int(segments.choose("supernet", seeds, next(iter(seeds)), "Seed", hidden=False))
    ranking = shares.ranking(seed)
    st.plotly_chart(
        charts.shared_against_true(ranking),
        config={"displayModeBar": False},
        key="shared against true accuracy",
        alt=f"Accuracy with shared weights of {len(ranking.numbers)} networks against that of "
        f"their own training, rank correlation {ranking.correlation:.2f}",
    )
    st.markdown(f"Rank correlation of seed {seed}: **{ranking.correlation:.2f}**.")
    st.markdown(sharing.sentence(shares))
    found.ways_on(shares.found(seed))
    st.caption(
        "After ENAS (Pham et al., ICML 2018): one network holds weights for every choice of every "
        "layer, and each child uses its part of them. The weights and the controller learn in "
        f"turns. {record.origin}"
    )
