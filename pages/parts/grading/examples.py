"""One of the graded pictures: the truth, each map over it, and the grade of each map."""

from __future__ import annotations

import streamlit as st

from analysis.charts import grading as drawing
from analysis.vision.grading.drawn import mapped, outlined
from analysis.vision.grading.example import Example, verdict
from analysis.vision.grading.explained import label
from analysis.vision.grading.measures import MEASURES
from analysis.vision.voices import Voice
from pages.parts import focus, looking, segments, url
from pages.parts.grading import live
from pages.parts.grading.choices import Choice

SIDE = 190  # pixels of a picture on the page


def draw(speakers: list[Voice], measure: str, choice: Choice) -> None:
    """Draw one picture with its maps for one of the networks."""
    st.subheader("One picture, and where each method points")
    speaker = _one_of(speakers)
    name = focus.display_name(speaker.key)
    plan = choice.plan
    try:
        drawn = live.drawn(speaker.preprocessing, plan.count, plan.seed)
        places = live.right(speaker, drawn)
        if places is None:
            return
        exam = drawn.of(places)
        if not len(exam):
            st.info(f"{name} names none of these pictures; draw others.")
            return
        with url.kept("example", range(1, len(exam) + 1), 1, label="the picture"):
            chosen = st.number_input("Picture", 1, len(exam), step=1, key="example", width=SIDE)
        found = live.one(speaker, measure, exam, int(chosen) - 1, choice.methods, plan)
    except looking.REFUSALS as refusal:
        st.warning(f"{name} could not be asked: {refusal}", icon=":material/block:")
        return
    if found is not None:
        _show(found, measure, speaker)


def _one_of(speakers: list[Voice]) -> Voice:
    if len(speakers) == 1:
        return speakers[0]
    named = {own.key: own for own in speakers}
    names = {key: focus.display_name(key) for key in named}
    return named[segments.choose("shown", names, speakers[0].key, "Network", asked="the network")]


def _show(found: Example, measure: str, speaker: Voice) -> None:
    if found.run is not None:
        heights = getattr(found.run, measure)
        shares = {"insertion": "put in", "deletion": "taken away"}[measure]
        st.plotly_chart(
            drawing.curve(
                found.run.shares,
                dict(zip(found.maps, heights, strict=True)),
                f"Pixels {shares}, %",
            ),
            config={"displayModeBar": False},
            key="curves",
            alt=f"{MEASURES[measure].label} curves of each method for this picture",
        )
    with st.container(horizontal=True):
        st.image(outlined(found.picture), "The picture", width=SIDE)
        truth = f"The truth: {speaker.classes[found.label]}"
        st.image(outlined(found.picture, found.mask), truth, width=SIDE)
        for method, map_ in found.maps.items():
            said = f"{label(method)}: {verdict(measure, found.grades[method])}"
            ringed = measure == "pointing"
            st.image(mapped(found.picture, map_, found.mask, ringed=ringed), said, width=SIDE)
            if method in found.forgot:
                later = mapped(found.picture, found.forgot[method], found.mask)
                st.image(later, f"{label(method)}, random weights", width=SIDE)
    lines = [
        "Red speaks for the class and blue against it; where a map has no sign, yellow is "
        "most and violet nothing. The line is the true outline of the object."
    ]
    if measure == "pointing":
        lines.append("The ring is at the peak.")
    st.caption(" ".join(lines))
