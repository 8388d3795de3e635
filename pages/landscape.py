"""Landscape: all networks at once, what they cost, what they reach, and how fast they are."""

import streamlit as st

from pages.parts import door
from pages.parts.landscape import all_networks, choices, for_the_cost, speed, year_by_year

door.enter()
st.title("Which network gives most for its cost?")
PARTS = {
    choices.BUBBLES: all_networks.draw,
    choices.YEARS: year_by_year.draw,
    choices.PER_COST: for_the_cost.draw,
    choices.SPEED: speed.draw,
}
PARTS[choices.view()]()
