"""Gradient flow: what arrives at each layer, forwards and backwards."""

import streamlit as st

from pages.parts import door, segments

PARTS = {
    "start": "Before the first step",
    "training": "While it learns",
    "surface": "The loss around it",
}

door.enter()
st.title("Does the gradient reach the first layer?")
part = segments.choose("part", PARTS, "start", "Part of the page")

if part == "start":
    from pages.parts.gradient_flow import start

    start.draw()
elif part == "training":
    from pages.parts.gradient_flow import training

    training.draw()
else:
    from pages.parts.gradient_flow import surface

    surface.draw()
