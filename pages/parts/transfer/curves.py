"""How many pictures a class takes, and how many stages should learn: a record."""

from __future__ import annotations

import streamlit as st

from analysis.charts import transfer as charts
from analysis.experiments.transfer import parts, verdict
from analysis.experiments.transfer.backbones import FIRST
from analysis.experiments.transfer.study import HELD, QUESTION
from pages.parts import focus, segments
from pages.parts.studies import shown

_FORMS = {"shots": "Pictures of each class", "stages": "Stages that learn"}


def draw() -> None:
    """Draw accuracy against pictures of each class, or against the stages that learn."""
    st.markdown(f"**{QUESTION}**")
    found = shown.record("transfer")
    if found is None:
        return
    form = segments.choose("against", _FORMS, "shots", "Accuracy against")
    if form == "shots":
        figure, said = charts.shots(found.rows), "Right answers by pictures of each class"
    else:
        stages = tuple(parts.of_key(FIRST).stages)
        figure, said = charts.unfrozen(found.rows, stages), "Right answers by stages that learn"
    st.plotly_chart(figure, config={"displayModeBar": False}, key=f"transfer {form}", alt=said)
    st.markdown(verdict.verdict(found.rows))
    st.caption(
        f"{focus.display_name(FIRST)}, which learned the ten Shapes, learns five others. All are "
        f"judged by the same {HELD} pictures of each class. Means over the seeds, with the range. "
        f"{found.origin}"
    )
