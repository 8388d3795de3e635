"""Grading: which explanation of a network's answer can be believed, where the truth is known."""

import streamlit as st

from analysis.vision.grading.measures import MEASURES
from pages.parts import door, segments

SHORTCUT = "shortcut"
SCORES = {key: measure.label for key, measure in MEASURES.items()} | {SHORTCUT: "Shortcut"}

door.enter()
st.title("Which explanation can be believed?")
score = segments.choose("score", SCORES, "pointing", "What is graded")

if score == SHORTCUT:
    from pages.parts.grading import shortcut

    shortcut.draw()
else:
    from pages.parts.grading import methods

    methods.draw(score)
