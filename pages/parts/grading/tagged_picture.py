"""The same picture with a true tag, without one and with a lying one, and what two networks say."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.shortcut import TAGS
from analysis.vision.attribution import METHODS
from analysis.vision.grading import sentences
from analysis.vision.grading.cheat import Told
from analysis.vision.grading.drawn import mapped, outlined
from analysis.vision.voices import Voice
from pages.parts import looking, url
from pages.parts.grading import live
from pages.parts.grading.choices import Choice

SIDE = 224  # pixels of a picture on the page


def draw(speakers: dict[str, Voice], names: dict[str, str], choice: Choice) -> None:
    """Draw one picture three times, and under it the maps of one method for both networks."""
    st.subheader("The same picture with a true tag, without, and with a lying tag")
    plan = choice.plan
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with url.kept("example", range(1, plan.count + 1), 1, label="the picture"):
            place = st.number_input("Picture", 1, plan.count, step=1, key="example", width=190)
        labels = {method: METHODS[method].label for method in choice.methods}
        first = "integrated_gradients" if "integrated_gradients" in labels else next(iter(labels))
        with url.kept("by", labels, first, label="the method"):
            method = st.selectbox(
                "Method", list(labels), format_func=labels.__getitem__, key="by", width=260
            )
    told = {}
    try:
        for name, speaker in speakers.items():
            for tag in TAGS:
                told[name, tag] = live.told_of(speaker, tag, int(place) - 1, str(method), plan)
    except looking.REFUSALS as refusal:
        st.warning(f"This picture cannot be shown: {refusal}", icon=":material/block:")
        return
    _show(told, speakers, names)


def _show(
    told: dict[tuple[str, str], Told | None], speakers: dict[str, Voice], names: dict[str, str]
) -> None:
    for place, (name, speaker) in enumerate(speakers.items()):
        shown = [found for tag in TAGS if (found := told[name, tag]) is not None]
        if place == 0:
            for column, found in zip(st.columns(len(TAGS)), shown, strict=False):
                said = sentences.of_tag(found, speaker.classes)
                column.image(outlined(found.picture), said, width=SIDE)
        st.markdown(f"**{names[name]}**")
        for column, found in zip(st.columns(len(TAGS)), shown, strict=False):
            picture = mapped(found.picture, found.map, found.mask, found.tag)
            column.image(picture, sentences.of_told(found, speaker.classes), width=SIDE)
    st.caption(
        "Each map answers for the class that its network names. The lines are the true outlines "
        "of the object and of the tag."
    )
