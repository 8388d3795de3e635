"""What a gate is given, beside what it answers."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import gates as drawing
from analysis.charts.palette import family_colour
from analysis.vision.gates import notices
from analysis.vision.voices import Voice
from pages.parts.channel_attention import network, seen


def draw(speaker: Voice) -> None:
    """Draw the choices at the left and one dot a channel at the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        gate = network.choose_gate(speaker.key)
        tensor = seen.picture(speaker)
    if tensor is None:
        return
    with right:
        read = seen.readings(speaker, tensor)
        if read is None:
            return
        reading = read[network.place_of(speaker.key, gate)]
        st.plotly_chart(
            drawing.squeeze_scatter(reading, family_colour(cnn_models.spec(speaker.key).family)),
            config={"displayModeBar": False},
            key="squeeze beside excitation",
            alt=f"Mean and gate of each of the {gate.channels} channels of {gate.block}",
        )
        st.markdown(notices.of_squeeze(reading))
        st.caption(
            "One dot is one channel. Squeeze: each channel's map becomes its mean z. Excitation: "
            f"two small layers and a {gate.function} turn all {gate.channels} means together into "
            "the gates s."
        )
