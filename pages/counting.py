"""Counting: why four counters give four numbers, and how much memory the network needs."""

import streamlit as st

import cnn_models
from pages.parts import (
    counted_layers,
    counted_memory,
    counted_totals,
    counts,
    door,
    focus,
    segments,
)

door.enter()
key = focus.choose_one()
name = cnn_models.spec(key).display_name
VIEWS = {"totals": "Totals", "layers": "Layer by layer", "memory": "Memory"}
title = st.empty()
view = segments.choose("count", VIEWS, "totals", "What is shown")

if view == "memory":
    title.title(f"How much memory does {name} take, and for what?")
    counted_memory.section(key)
else:
    title.title(f"Why do four counters give four numbers for {name}?")
    heads = counts.choose_heads(key)
    comparison = counts.comparison(key, heads)
    if view == "totals":
        counted_totals.section(name, comparison)
    else:
        counted_layers.section(key, comparison)
