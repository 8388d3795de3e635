"""Receptive field: what does one value see of the picture."""

import streamlit as st

from pages.parts import door

door.enter()
st.title("What does one value see of the picture?")
