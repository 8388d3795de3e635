"""Scaling: with more multiply-adds to spend, more width, more depth or more pixels."""

import streamlit as st

from pages.parts import door, segments
from pages.parts.studies import grid

PARTS = {"grid": "Eight networks, trained", "search": "Let a controller choose"}

door.enter()
st.title("Width, depth or resolution?")
if segments.choose("study", PARTS, "grid", "Part of the page") == "grid":
    grid.draw()
else:
    grid.draw_search()
