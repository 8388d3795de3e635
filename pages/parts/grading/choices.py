"""What is graded and how: the recorded grading, or one made here with one's own choices."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analysis.vision.attribution import METHODS
from analysis.vision.grading.curves import FILLINGS
from analysis.vision.grading.exam import SEED
from analysis.vision.grading.grades import Plan
from analysis.vision.grading.record import recorded
from pages.parts import segments, url

COUNTS = (5, 10, 20, 30, 50)
MOST_SEED = 999
VERY_SLOW = ("kernel_shap", "lime")
QUICK = [method for method in METHODS if not METHODS[method].patient]


@dataclass(frozen=True)
class Choice:
    """`is_recorded` says that the grades are read; `plan` and `methods` say what is graded."""

    is_recorded: bool
    plan: Plan
    methods: tuple[str, ...]


def choose(measure: str) -> Choice:
    """Draw the choices; what is put in place of pixels matters to the curves alone."""
    made = recorded().made
    run = segments.choose(
        "run",
        {"recorded": f"Recorded: {made['count']} pictures", "here": "Graded here"},
        "recorded",
        "Where the grades are from",
    )
    if run == "recorded":
        plan = Plan(int(made["count"]), int(made["seed"]), made["filling"], int(made["steps"]))
        return Choice(True, plan, tuple(m for m in METHODS if m not in VERY_SLOW))
    methods = _methods()
    count, seed, filling = st.columns(3)
    with count, url.kept("graded", COUNTS, 10, label="the number of pictures"):
        pictures = st.select_slider("Pictures", COUNTS, key="graded")
    with seed, url.kept("drawing", range(MOST_SEED + 1), SEED, label="the seed of the pictures"):
        drawing = st.number_input("Seed of the pictures", 0, MOST_SEED, step=1, key="drawing")
    with filling, url.kept("filling", FILLINGS, "absent", label="what is put in place of pixels"):
        put = st.selectbox(
            "In place of a pixel",
            list(FILLINGS),
            format_func=FILLINGS.__getitem__,
            key="filling",
            disabled=measure not in ("insertion", "deletion"),
        )
    return Choice(False, Plan(int(pictures), int(drawing), str(put)), methods)


def _methods() -> tuple[str, ...]:
    with url.kept("rated", METHODS, QUICK, len(METHODS), "methods"):
        chosen = st.pills(
            "Methods",
            list(METHODS),
            selection_mode="multi",
            wrap=True,
            format_func=_label,
            key="rated",
        )
    return tuple(method for method in METHODS if method in chosen)


def _label(method: str) -> str:
    return f"{METHODS[method].label}{' (slow)' if METHODS[method].patient else ''}"
