"""Blocks: which shortcut, order, width, dropout, survival, growth rate or gate trains best."""

import streamlit as st

from analysis.experiments.studies import identity
from analysis.experiments.studies.catalogue import STUDIES
from pages.parts import door, segments
from pages.parts.studies import columns, reuse, shown, survival, timed

PARTS = {
    "shortcuts": "Shortcuts",
    "order": "Order",
    "width": "Width",
    "dropout": "Dropout",
    "stochastic": "Stochastic depth",
    "columns": "Columns",
    "growth": "Growth rate",
    "reuse": "Reuse",
    "gates": "Gates",
}

door.enter()
st.title("Which block trains best?")
part = segments.choose("study", PARTS, "shortcuts", "Part of the page")
if part == "columns":
    columns.draw()
elif part == "reuse":
    reuse.draw()
else:
    shown.draw(STUDIES[part])
    if part == "stochastic":
        survival.draw()
        timed.draw(*STUDIES[part].preset)
    elif part == "width":
        timed.draw(*STUDIES[part].preset)
    elif part == "order":
        st.markdown(identity.zeros_notice())
