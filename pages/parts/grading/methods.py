"""The methods by one measure: the chart, what to notice, and one picture."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.charts import grading as drawing
from analysis.charts.palette import family_colour
from analysis.vision.grading import sentences
from analysis.vision.grading.explained import label
from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.record import recorded
from analysis.vision.grading.standing import Standing, from_record, report_card
from analysis.vision.voices import Voice
from cnn_models import spec
from pages.parts import focus, looking
from pages.parts.grading import choices, examples, live, networks, top_down


def draw(measure: str) -> None:
    """Draw the grades of all methods by one of `MEASURES`."""
    asked = MEASURES[measure]
    st.markdown(f"{asked.sentence} ({asked.source})")
    speakers = networks.speakers()
    choice = choices.choose(measure)
    if not choice.methods:
        st.info("Choose at least one method to grade.")
        return
    found = [s for speaker in speakers if (s := _standing(speaker, measure, choice)) is not None]
    if found:
        _show(measure, found, choice)
    if measure == "weights":
        top_down.draw(speakers[0], choice)
    examples.draw(speakers, measure, choice)
    if choice.is_recorded:
        _report_card(speakers)


def _standing(speaker: Voice, measure: str, choice: choices.Choice) -> Standing | None:
    if choice.is_recorded:
        return from_record(measure, speaker.key)
    try:
        return live.graded(speaker, measure, choice.methods, choice.plan)
    except looking.REFUSALS as refusal:
        name = focus.display_name(speaker.key)
        st.warning(f"{name} could not be graded: {refusal}", icon=":material/block:")
        return None


def _show(measure: str, found: list[Standing], choice: choices.Choice) -> None:
    names = {one.network: focus.display_name(one.network) for one in found}
    rows = pd.concat([one.rows for one in found])
    chances = {one.network: one.chance for one in found if one.chance is not None}
    asked = MEASURES[measure]
    st.plotly_chart(
        drawing.dots(
            rows,
            asked.axis,
            names,
            {key: family_colour(spec(key).family) for key in names},
            chances,
            asked.more_is_better,
        ),
        config={"displayModeBar": False},
        key="grades",
        alt=f"{asked.label} of each method, with intervals, for each network",
    )
    st.markdown(sentences.notice(measure, rows, chances, names))
    if beaten := sentences.beaten_by_edges(measure, rows):
        st.markdown(beaten)
    _say_how(measure, found, choice)
    for one in found:
        for method, reason in one.refused.items():
            st.caption(f"{label(method)} on {names[one.network]}: {reason}")


def _say_how(measure: str, found: list[Standing], choice: choices.Choice) -> None:
    lines = [sentences.graded_on([one.right for one in found], choice.plan)]
    lines.append(sentences.how(measure, choice.plan))
    if choice.is_recorded:
        lines.append(f"Recorded on {recorded().made['date']} by `{recorded().made['command']}`.")
    st.caption(" ".join(lines))


def _report_card(speakers: list[Voice]) -> None:
    with st.expander("All measures in one table"):
        table = report_card({own.key: focus.display_name(own.key) for own in speakers})
        columns = {
            measure.label: st.column_config.NumberColumn(format="%.1f%%", help=measure.sentence)
            for measure in MEASURES.values()
        }
        st.dataframe(table, hide_index=True, column_config=columns, key="report card")
