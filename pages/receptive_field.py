"""Receptive field: what does one value see of the picture."""

import streamlit as st

from pages.parts import door, segments

PARTS = {"stacks": "Stacks", "build": "Build a stack", "network": "In a network"}

door.enter()
st.title("What does one value see of the picture?")
part = segments.choose("part", PARTS, "stacks", "Part of the page")

if part == "stacks":
    from pages.parts.receptive_field import stacks

    stacks.draw()
elif part == "build":
    from pages.parts.receptive_field import build

    build.draw()
else:
    from pages.parts.receptive_field import network

    network.draw()
