"""Initialisation: with which weights a network should begin."""

import streamlit as st

from pages.parts import door, segments

PARTS = {
    "layers": "Through the layers",
    "learning": "Learning",
    "zeros": "Equal units",
    "root": "The square root",
}

door.enter()
st.title("How should the weights begin?")
part = segments.choose("part", PARTS, "layers", "Part of the page")

if part == "layers":
    from pages.parts.initialisation import layers

    layers.draw()
elif part == "learning":
    from pages.parts.initialisation import learning

    learning.draw()
elif part == "zeros":
    from pages.parts.initialisation import zeros

    zeros.draw()
else:
    from pages.parts.initialisation import root

    root.draw()
