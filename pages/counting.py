"""Counting: why do four counters give four numbers."""

import streamlit as st

from pages.parts import door

door.enter()
st.title("Why do four counters give four numbers?")
