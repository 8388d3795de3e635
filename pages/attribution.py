"""Attribution: which pixels speak for a class, by several methods for several networks."""

import streamlit as st

from analysis.vision import voices
from pages.parts import door, focus, pictures, public
from pages.parts.attribution import choices, grid, rows, summary

door.enter()
st.title("Which pixels speak for a class?")
keys = focus.current(titled=True)
speakers = [voices.voice(key) for key in keys]

left, right = st.columns([2, 3], gap="large")
with left:
    image = pictures.choose(speakers[0])
    summary.say_what_a_link_carries()
with right:
    methods = choices.methods(speakers)
    wanted = choices.classes(speakers)
    look = choices.look(speakers)
    settings = choices.settings(speakers, methods)

if not any(speaker.trained_on for speaker in speakers):
    public.offer_trained()
if image is not None and methods:
    reserved = rows.draw(speakers, image, methods, wanted)
    filled = grid.fill(reserved, methods, settings, look)
    summary.draw(reserved, filled, look)
