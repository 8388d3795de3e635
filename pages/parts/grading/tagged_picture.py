"""The same picture with a true tag, without one and with a lying one, and what two networks say."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import percent
from analysis.experiments.shortcut import TAGS
from analysis.vision.attribution import METHODS
from analysis.vision.grading import sentences
from analysis.vision.grading.cheat import TAG_NAMES, Told
from analysis.vision.grading.drawn import mapped, outlined
from analysis.vision.voices import Voice
from pages.parts import url
from pages.parts.grading import live
from pages.parts.grading.choices import Choice


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
    except live.REFUSALS as refusal:
        st.warning(f"This picture cannot be shown: {refusal}", icon=":material/block:")
        return
    _show(told, speakers, names)


def _show(
    told: dict[tuple[str, str], Told | None], speakers: dict[str, Voice], names: dict[str, str]
) -> None:
    for column, tag in zip(st.columns(len(TAGS)), TAGS, strict=True):
        with column:
            for place, (name, speaker) in enumerate(speakers.items()):
                found = told[name, tag]
                if found is None:
                    continue
                if place == 0:
                    truth = f"With {TAG_NAMES[tag]}{_says(found, speaker)}"
                    st.image(outlined(found.picture), truth, width=224)
                st.image(
                    mapped(found.picture, found.map, found.mask, found.tag),
                    f"{names[name]}: {speaker.classes[found.named]}, {percent(found.probability)}. "
                    f"{sentences.on_both(found.on_tag, found.on_object, bool(found.tag.any()))}",
                    width=224,
                )


def _says(found: Told, speaker: Voice) -> str:
    if found.said < 0:
        return f": {speaker.classes[found.label]}"
    return f" that says {speaker.classes[found.said]}: {speaker.classes[found.label]}"
