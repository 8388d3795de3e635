"""Depth: why plain networks get worse with more layers, and residual ones do not."""

import streamlit as st

from analysis.experiments.studies.catalogue import STUDIES
from pages.parts import door, segments
from pages.parts.studies import copied, shown

PARTS = {"degradation": "Four networks, trained", "copied": "A copy with more layers"}

door.enter()
st.title("Why do plain networks get worse with depth?")
if segments.choose("study", PARTS, "degradation", "Part of the page") == "degradation":
    shown.draw(STUDIES["degradation"])
else:
    copied.draw()
