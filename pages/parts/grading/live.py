"""Grading on this machine, with a bar and a way to stop; every part is kept for all sessions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from analysis.progress import Report
from analysis.vision.grading.cascade import Cascade, cascade
from analysis.vision.grading.cheat import TaggedExam, Told, draw_tagged, exposed, in_all, told
from analysis.vision.grading.exam import Exam, answered, draw
from analysis.vision.grading.example import Example, example
from analysis.vision.grading.grades import Plan, examined, graded_by
from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.standing import Standing, standing, tag_standing
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice
from cnn_models.spec import Preprocessing
from pages.parts import focus, looking


@st.cache_data(max_entries=16, show_spinner=False)
def drawn(preprocessing: Preprocessing, count: int, seed: int) -> Exam:
    """The pictures of one seed."""
    return draw(preprocessing, count, seed)


@st.cache_data(max_entries=16, show_spinner=False)
def tagged(preprocessing: Preprocessing, count: int, seed: int, tag: str) -> TaggedExam:
    """The same with a tag."""
    return draw_tagged(preprocessing, count, seed, tag)


def graded(speaker: Voice, measure: str, methods: tuple[str, ...], plan: Plan) -> Standing | None:
    """The grades of one network; None if the user stopped it."""
    name = focus.display_name(speaker.key)
    pictures = drawn(speaker.preprocessing, plan.count, plan.seed)
    first = looking.asked(
        speaker,
        pictures.inputs,
        ("maps to grade", methods),
        f"{name}, maps",
        lambda shared, report: examined(shared, pictures, methods, report),
    )
    if first is None:
        return None
    exam, found = first[0]
    second = looking.asked(
        speaker,
        pictures.inputs,
        ("grades", MEASURES[measure].group, methods, plan),
        f"{name}, {MEASURES[measure].label.lower()}",
        lambda shared, report: graded_by(measure, shared, exam, found, plan, report),
    )
    if second is None:
        return None
    return standing(measure, speaker.key, exam, second[0], found.refused)


def right(speaker: Voice, exam: Exam) -> np.ndarray | None:
    """Places of the pictures whose class the network names; None if the user stopped it."""
    found = looking.asked(
        speaker,
        exam.inputs,
        "names of the pictures",
        f"{focus.display_name(speaker.key)}, names",
        lambda shared, _report: answered(shared, exam),
    )
    return None if found is None else found[0]


def one(
    speaker: Voice, measure: str, exam: Exam, place: int, methods: tuple[str, ...], plan: Plan
) -> Example | None:
    """One picture with its maps; None if the user stopped it."""
    found = looking.asked(
        speaker,
        exam.inputs,
        ("example", place, measure, methods, plan),
        f"{focus.display_name(speaker.key)}, this picture",
        lambda shared, report: example(measure, shared, exam, place, methods, plan, report),
    )
    return None if found is None else found[0]


def cascaded(speaker: Voice, methods: tuple[str, ...], plan: Plan, most: int) -> Cascade | None:
    """The maps of at most `most` pictures while layers are lost; None if the user stopped it."""
    pictures = drawn(speaker.preprocessing, min(plan.count, most), plan.seed)

    def work(shared: Shared, report: Report) -> Cascade:
        exam, found = examined(shared, pictures, methods)
        return cascade(shared, exam, found, plan.seed, report)

    label = f"{focus.display_name(speaker.key)}, from the top down"
    found = looking.asked(speaker, pictures.inputs, ("cascade", methods, plan.seed), label, work)
    return None if found is None else found[0]


def exposed_by(
    speakers: Mapping[str, Voice], methods: tuple[str, ...], plan: Plan
) -> list[Standing]:
    """Shares on the tag for each network, by what it learned from; [] if the user stopped it."""
    first = next(iter(speakers.values()))
    pictures = tagged(first.preprocessing, plan.count, plan.seed, "true")
    places = [right(speaker, pictures.exam) for speaker in speakers.values()]
    if any(found is None for found in places):
        return []
    both = pictures.of(in_all([found for found in places if found is not None]))
    standings = []
    for name, speaker in speakers.items():
        rows = looking.asked(
            speaker,
            both.exam.inputs,
            ("exposed", methods),
            f"{name}, shares on the tag",
            lambda shared, report, name=name: exposed({name: shared}, both, methods, report),
        )
        if rows is None:
            return []
        standings.append(tag_standing(name, both, rows[0]))
    return standings


def told_of(speaker: Voice, tag: str, place: int, method: str, plan: Plan) -> Told | None:
    """What a network says of one tagged picture; None if the user stopped it."""
    pictures = tagged(speaker.preprocessing, plan.count, plan.seed, tag)
    found = looking.asked(
        speaker,
        pictures.exam.inputs[place : place + 1],
        ("told", method),
        f"{focus.display_name(speaker.key)}, this picture",
        lambda shared, _report: told(shared, pictures, place, method),
    )
    return None if found is None else found[0]
