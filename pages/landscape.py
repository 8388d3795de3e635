"""Landscape: all networks at once, what they cost, what they reach, and how fast they are."""

import streamlit as st

from pages.parts import door
from pages.parts.landscape import all_networks, choices

door.enter()
st.title("Which network gives most for its cost?")
PARTS = {
    choices.BUBBLES: all_networks.draw,
}
PARTS[choices.view()]()
