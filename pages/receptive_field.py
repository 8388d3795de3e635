"""Receptive field: what does one value see of the picture."""

import streamlit as st

from pages.parts import door, url

PARTS = {"stacks": "Stacks", "build": "Build a stack", "network": "In a network"}

door.enter()
st.title("What does one value see of the picture?")
with url.kept("part", PARTS, "stacks"):
    part = st.segmented_control(
        "Part of the page",
        list(PARTS),
        required=True,
        format_func=PARTS.__getitem__,
        key="part",
        label_visibility="collapsed",
    )

if part == "stacks":
    from pages.parts import field_stacks

    field_stacks.draw()
elif part == "build":
    from pages.parts import field_build

    field_build.draw()
else:
    from pages.parts import field_network

    field_network.draw()
