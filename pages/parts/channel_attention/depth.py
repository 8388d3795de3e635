"""All gates of a network for one picture, block after block."""

from __future__ import annotations

import streamlit as st

from analysis.charts import gates as drawing
from analysis.vision.gates import notices
from analysis.vision.voices import Voice
from pages.parts import focus
from pages.parts.channel_attention import seen


def draw(speaker: Voice) -> None:
    """Draw the picture at the left and the heat map at the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        tensor = seen.picture(speaker)
    if tensor is None:
        return
    with right:
        read = seen.readings(speaker, tensor)
        if read is None:
            return
        st.plotly_chart(
            drawing.depth_map(read),
            config={"displayModeBar": False},
            key="gates along the depth",
            alt=f"Gates of the {len(read)} blocks of {focus.display_name(speaker.key)}",
        )
        st.markdown(notices.of_depth(read))
        st.caption(
            "One column is one block, from the input at the left to the output at the right. Its "
            "channels stand from the strongest gate down to the weakest, and every column has the "
            "same height, however many channels the block has."
        )
