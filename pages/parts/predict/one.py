"""One picture: the most likely classes of each network, and how the picture came to it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from PIL import Image

from analysis.charts import input_values, predictions
from analysis.vision import sight
from analysis.vision.predicting import normalised_input
from analysis.vision.voices import Voice
from pages.parts import focus, pictures, public, segments
from pages.parts.predict import asking, offers
from pages.parts.predict.asking import Heard
from pages.parts.transfer import held, own_voice


def draw(speakers: Sequence[Voice]) -> None:
    """Draw the choice of a picture, the answers, what to notice, and the way in."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        image = pictures.choose(speakers[0])
    if image is None:
        return
    with right:
        heard = [found for found in _side_by_side(speakers, image) if found]
        _own(image)
    trained = [found for found in heard if found.speaker.trained_on]
    if trained:
        st.markdown("  \n".join(predictions.notice(one.name, one.ranked) for one in trained))
    if heard:
        offers.attribution()
        _way_in(heard)


def _side_by_side(speakers: Sequence[Voice], image: Image.Image) -> list[Heard | None]:
    found = []
    for start in range(0, len(speakers), 2):
        pair = speakers[start : start + 2]
        for place, speaker in zip(st.columns(len(pair), gap="large"), pair, strict=True):
            with place:
                found.append(_answer(speaker, image))
    return found


def _answer(speaker: Voice, image: Image.Image) -> Heard | None:
    st.markdown(f"#### {focus.display_name(speaker.key)}")
    public.say_who_speaks(speaker)
    heard = asking.hear(speaker, image)
    if heard:
        st.plotly_chart(
            predictions.top_bars(heard.ranked, heard.colour),
            config={"displayModeBar": False},
            key=f"top of {speaker.key}",
            alt=f"The most likely classes for {heard.name}",
        )
        if heard.note:
            st.caption(heard.note)
    return heard


def _own(image: Image.Image) -> None:
    """What the classifier says that this session has trained, if it has one."""
    learned = held.learned()
    if learned is not None:
        st.markdown("#### Your classifier")
        held.say_which(learned)
        own_voice.draw(learned, image)


def _way_in(heard: Sequence[Heard]) -> None:
    st.subheader("How the picture becomes numbers")
    names = {found.speaker.key: found.name for found in heard}
    shown = heard[0].speaker.key
    if len(names) > 1:
        shown = segments.choose("shown", names, shown, "Network", asked="the network")
    found = next(found for found in heard if found.speaker.key == shown)
    pictures.show_stages(found.seen.stages)
    channels = normalised_input.channels(found.seen.tensor)
    limit = max(max(abs(channel.least), abs(channel.most)) for channel in channels)
    maps, chart = st.columns([3, 4], gap="large")
    with maps:
        for place, channel in zip(st.columns(3), channels, strict=False):
            place.image(
                sight.enlarged(input_values.picture(channel, limit)),
                caption=channel.name,
                width="stretch",
            )
        st.caption(f"Blue is below zero, white is zero, red is above; full colour is {limit:.2f}.")
    chart.plotly_chart(
        input_values.histogram(channels),
        config={"displayModeBar": False},
        alt=f"How often each value occurs in the input of {found.name}",
    )
    st.markdown(normalised_input.notice(channels))
