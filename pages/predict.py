"""Predict: what each network in focus sees in one picture, and which pixels it looked at."""

import streamlit as st

from analysis.charts import numbers, predictions
from analysis.charts.palette import family_colour
from analysis.vision import overlay, prediction, sight, voices
from analysis.vision.attribution import METHODS
from analysis.vision.images import BadImage
from cnn_models import spec
from pages.parts import door, focus, looking, pictures, public, url

door.enter()
keys = focus.current()
speakers = [voices.voice(key) for key in keys]
names = {key: focus.display_name(key) for key in keys}
verb = "does" if len(keys) == 1 else "do"
st.title(f"What {verb} {numbers.listed(names.values())} see, and where?")

left, right = st.columns([2, 3], gap="large")
with left:
    image = pictures.choose(speakers[0])
with right:
    with url.kept("methods", METHODS, ["saliency", "grad_cam"], most=len(METHODS)):
        chosen = st.pills(
            "How to find the pixels",
            list(METHODS),
            selection_mode="multi",
            wrap=True,
            format_func=lambda method: METHODS[method].label,
            key="methods",
        )
    with url.kept("strength", range(0, 101, 10), 70):
        strength = st.slider(
            "Strength of the map over the picture, in %", 0, 100, step=10, key="strength"
        )
    for method in chosen:
        st.caption(f"**{METHODS[method].label}**: {METHODS[method].sentence}")

if not any(speaker.trained_on for speaker in speakers):
    public.offer_trained()
if image is None:
    st.stop()

for speaker in speakers:
    name, colour = names[speaker.key], family_colour(spec(speaker.key).family)
    st.subheader(name)
    public.say_who_speaks(speaker)
    try:
        seen = sight.sight(image, speaker)
    except BadImage as refusal:
        st.warning(f"{name} cannot read this picture: {refusal}", icon=":material/ink_eraser:")
        continue
    given, answer = st.columns([2, 3], gap="large")
    given.image(sight.enlarged(seen.picture), caption="What the network gets", width=224)
    shares = looking.probabilities(speaker, seen.tensor)
    ranked = prediction.top_k(shares, speaker.classes)
    with answer:
        st.plotly_chart(
            predictions.top_bars(ranked, colour),
            config={"displayModeBar": False},
            key=f"top-{speaker.key}",
            alt=f"The five most likely classes for {name}",
        )
        options = ["most likely", *speaker.classes]
        with url.kept(f"class-{speaker.key}", options, "most likely"):
            target = st.selectbox(
                f"Class that the maps of {name} answer for", options, key=f"class-{speaker.key}"
            )
    index = ranked[0].index if target == "most likely" else speaker.classes.index(target)
    places = st.columns(max(3, len(chosen)))
    for place, method in zip(places, chosen, strict=False):
        with place, st.spinner(f"{METHODS[method].label} …"):
            found = looking.attribution(speaker, seen.tensor, index, method)
            st.image(
                sight.enlarged(overlay.overlay(seen.picture, found, strength / 100)),
                caption=f"{METHODS[method].label}: {overlay.legend(found)}",
                width="stretch",
            )
            if found.note:
                st.caption(found.note)
    st.markdown(predictions.notice(name, ranked, speaker.classes[index]))
    with st.expander("Step by step from the picture to the network's input"):
        pictures.show_stages(seen.stages)
