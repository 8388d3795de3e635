"""Cost: what does a design decision save."""

import streamlit as st

from pages.parts import door

door.enter()
st.title("What does a design decision save?")
