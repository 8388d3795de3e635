"""Normalisation: what batch normalisation changes."""

import streamlit as st

from pages.parts import door, segments

PARTS = {
    "rates": "Learning rates",
    "inputs": "Inputs of a layer",
    "modes": "Training and asking",
    "batches": "Small batches",
}

door.enter()
st.title("What does batch normalisation change?")
part = segments.choose("part", PARTS, "rates", "Part of the page")

if part == "rates":
    from pages.parts.normalisation import rates

    rates.draw()
elif part == "inputs":
    from pages.parts.normalisation import inputs

    inputs.draw()
elif part == "modes":
    from pages.parts.normalisation import modes

    modes.draw()
else:
    from pages.parts.normalisation import batches

    batches.draw()
