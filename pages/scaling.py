"""Scaling: with more multiply-adds to spend, more width, more depth or more pixels."""

import streamlit as st

from pages.parts import door
from pages.parts.studies import grid

door.enter()
st.title("Width, depth or resolution?")
grid.draw()
