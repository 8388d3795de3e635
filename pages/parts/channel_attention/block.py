"""The gates of one block for one picture, or for two."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import gates as drawing
from analysis.charts.palette import family_colour
from analysis.vision.gates import notices
from analysis.vision.gates.profile import profile
from analysis.vision.voices import Voice
from pages.parts import segments
from pages.parts.channel_attention import network, seen

_ORDERS = {"strongest": "Strongest first", "number": "By number"}


def draw(speaker: Voice) -> None:
    """Draw the choices at the left, and the bars with what to notice at the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        gate = network.choose_gate(speaker.key)
        first = seen.picture(speaker)
        second = seen.second_picture(speaker)
        order = segments.choose("order", _ORDERS, "strongest", "Channels", hidden=False)
    if first is None:
        return
    with right:
        place = network.place_of(speaker.key, gate)
        read = seen.readings(speaker, first)
        beside = seen.readings(speaker, second[0]) if second else None
        if read is None:
            return
        one, two = read[place], beside[place] if beside else None
        bars = profile(one.scale[0], None if two is None else two.scale[0], order == "strongest")
        st.plotly_chart(
            drawing.block_bars(
                bars,
                family_colour(cnn_models.spec(speaker.key).family),
                (seen.first_name(), second[1] if second else ""),
                strongest_first=order == "strongest",
            ),
            config={"displayModeBar": False},
            key="gates of a block",
            alt=f"Gate of each of the {gate.channels} channels of {gate.block}",
        )
        st.markdown(notices.of_block(one))
        if two is not None:
            st.markdown(notices.of_two(one, two))
        st.caption(
            f"Each gate is a {gate.function} of what two small layers make of the means of all "
            f"channels: {gate.channels} to {gate.squeezed} to {gate.channels} values. The "
            "channel's map is multiplied with it."
        )
