"""Counting: why four counters give four numbers, and how much memory the network needs."""

import streamlit as st

import cnn_models
from pages.parts import door, focus, segments
from pages.parts.counting import counts, layers, memory, totals

door.enter()
key = focus.choose_one()
name = cnn_models.spec(key).display_name
VIEWS = {"totals": "Totals", "layers": "Layer by layer", "memory": "Memory"}
title = st.empty()
view = segments.choose("count", VIEWS, "totals", "What is shown")

if view == "memory":
    title.title(f"How much memory does {name} take, and for what?")
    memory.section(key)
else:
    title.title(f"Why do four counters give four numbers for {name}?")
    heads = counts.choose_heads(key)
    comparison = counts.comparison(key, heads)
    if view == "totals":
        totals.section(name, comparison)
    else:
        layers.section(key, comparison)
