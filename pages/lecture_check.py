"""Lecture check: are the numbers on the slides right."""

import streamlit as st

from pages.parts import door

door.enter()
st.title("Are the numbers on the slides right?")
