"""The wrong answers of which a classifier was surest, and where it looked."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import explained
from analysis.experiments.transfer.evaluation import Evaluation
from analysis.experiments.transfer.explained import Explained
from analysis.progress import Report
from pages.parts import work
from pages.parts.transfer import held
from pages.parts.transfer.held import Learned

_MOST, _ROW = 4, 4


def draw(found: Evaluation, learned: Learned) -> None:
    """Draw the surest mistakes, each beside the map for the answer that was given."""
    st.subheader("The mistakes of which it was surest")
    wrong = found.mistakes(_MOST)
    if not wrong:
        st.markdown("There is none: every picture that was held out got its class.")
        return

    def explain(report: Report) -> list[Explained]:
        return explained.mistakes(learned.classifier, learned.folder, wrong, report)

    made = learned.classifier.making.command  # says the network, its weights and the seed
    name = ("mistakes", made, held.name_of(learned.folder), tuple(wrong))
    try:
        maps = work.result(name, "Asking where it looked", explain)
    except (TrainingError, ValueError, RuntimeError) as problem:
        st.warning(str(problem), icon=":material/block:")
        return
    for column, one in zip(st.columns(_ROW), maps or [], strict=False):
        with column:
            st.image(one.picture, width="stretch", alt=one.sentence)
            st.image(one.map, width="stretch", alt="What spoke for the wrong answer")
            st.caption(one.sentence)
    if maps:
        st.caption(explained.SAID)
