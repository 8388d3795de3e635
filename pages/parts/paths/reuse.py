"""DenseNet's reuse map: which earlier layers each layer reads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.charts import reuse as drawing
from analysis.vision.paths import reuse
from analysis.vision.voices import voice
from pages.parts import focus, public
from pages.parts.paths import asking, offered


def draw(keys: Sequence[str]) -> None:
    """Draw one map a dense block of one network."""
    key = asking.one_of(keys)
    name, speaker, blocks = focus.display_name(key), voice(key), offered.paths(key).dense
    public.say_who_speaks(speaker)
    maps = asking.answer(
        speaker, "reuse", f"Weights of {name}", lambda shared, _: reuse.reuse_maps(shared, blocks)
    )
    if maps is None:
        return
    places = st.columns(min(len(maps), 4))
    for number, (place, found) in enumerate(zip(places, maps, strict=False), start=1):
        place.plotly_chart(
            drawing.heat_map(found, number),
            config={"displayModeBar": False},
            key=f"reuse {number}",
            alt=f"Mean absolute weight from each earlier layer, dense block {number} of {name}",
        )
    for number, found in enumerate(maps, start=1):
        st.markdown(reuse.notice(number, found))
    st.caption(reuse.PROTOCOL)
    if not speaker.trained_on:
        st.caption(reuse.UNTRAINED)
    elif speaker.trained_on != "imagenet":  # by this project, which has little time for it
        st.caption(reuse.SHORT)
