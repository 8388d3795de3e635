"""Predict: what each network in focus sees in one picture, and which pixels it looked at."""

import streamlit as st

from analysis.amounts import listed
from analysis.vision import voices
from analysis.vision.attribution import METHODS
from pages.parts import door, focus, looking, pictures, public, url

door.enter()
keys = focus.current()
verb = "does" if len(keys) == 1 else "do"
st.title(f"What {verb} {listed(map(focus.display_name, keys))} see, and where?")

speakers = [voices.voice(key) for key in keys]
left, right = st.columns([2, 3], gap="large")
with left:
    image = pictures.choose(speakers[0])
with right:
    with url.kept("methods", METHODS, ["saliency", "grad_cam"], len(METHODS), "methods"):
        methods = st.pills(
            "How to find the pixels",
            list(METHODS),
            selection_mode="multi",
            wrap=True,
            format_func=lambda method: METHODS[method].label,
            key="methods",
        )
    with url.kept("strength", range(0, 101, 10), 70):
        strength = st.slider("Strength of the map, in %", 0, 100, step=10, key="strength")
    for method in methods:
        st.caption(
            f"**{METHODS[method].label}**: {METHODS[method].sentence} ({METHODS[method].source})"
        )

if not any(speaker.trained_on for speaker in speakers):
    public.offer_trained()
for speaker in speakers:
    st.subheader(focus.display_name(speaker.key))
    public.say_who_speaks(speaker)
    if image is not None:
        looking.answer(speaker, image, methods, strength / 100)
