"""The cheat: a network that learned to read a coloured tag, beside one that never saw a tag."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.charts import grading as drawing
from analysis.charts.palette import FAMILY_COLOURS, family_colour
from analysis.vision.grading import sentences
from analysis.vision.grading.cheat import CHEATING, HONEST, KEY
from analysis.vision.grading.standing import Standing, from_record
from analysis.vision.voices import Voice, voice
from cnn_models import spec
from pages.parts import focus, looking
from pages.parts.grading import choices, live, tagged_picture

COLOURS = {CHEATING: FAMILY_COLOURS["alexnet"], HONEST: family_colour(spec(KEY).family)}
TITLE = "Share on the tag, %"


def draw() -> None:
    """Draw what each network goes by, how much of each map lies on the tag, and one picture."""
    speakers = {name: voice(KEY, name) for name in (CHEATING, HONEST)}
    names = {
        CHEATING: f"Cheating {focus.display_name(KEY)}",
        HONEST: f"Honest {focus.display_name(KEY)}",
    }
    st.markdown(sentences.the_cheat(names[CHEATING], focus.display_name(KEY)))
    choice = choices.choose("tag")
    if not choice.methods:
        st.info("Choose at least one method to grade.")
        return
    found = _standings(speakers, choice)
    if found:
        _show(found, names, choice)
    tagged_picture.draw(speakers, names, choice)


def _standings(speakers: dict[str, Voice], choice: choices.Choice) -> list[Standing]:
    if choice.is_recorded:
        return [s for name in speakers if (s := from_record("tag", name)) is not None]
    try:
        return live.exposed_by(speakers, choice.methods, choice.plan)
    except looking.REFUSALS as refusal:
        st.warning(f"This could not be graded: {refusal}", icon=":material/block:")
        return []


def _show(found: list[Standing], names: dict[str, str], choice: choices.Choice) -> None:
    rows = pd.concat([one.rows for one in found])
    chances = {one.network: one.chance for one in found if one.chance is not None}
    shown = {one.network: names[one.network] for one in found}
    st.plotly_chart(
        drawing.dots(rows, TITLE, shown, COLOURS, chances),
        config={"displayModeBar": False},
        key="exposed",
        alt="Share of each method's map that lies on the tag, for both networks",
    )
    area = next(iter(chances.values()))
    st.markdown(sentences.exposure(rows, area, shown))
    st.caption(sentences.exposed_on(found[0].right, choice.plan))
