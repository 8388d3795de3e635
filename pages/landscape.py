"""Landscape: which network gives most for its cost."""

import streamlit as st

from pages.parts import door

door.enter()
st.title("Which network gives most for its cost?")
