"""FractalNet's columns, each predicting alone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import cnn_models
from analysis.charts import path_parts
from analysis.charts.palette import family_colour
from analysis.vision.paths import columns
from analysis.vision.paths.part import Part
from analysis.vision.shape_batch import knows_shapes
from analysis.vision.voices import Voice, voice
from pages.parts import focus, public
from pages.parts.paths import asking


def draw(keys: Sequence[str]) -> None:
    """Draw what each column says of a picture and how often it is right."""
    speaker = voice(asking.one_of(keys))
    name = focus.display_name(speaker.key)
    left, right = st.columns([2, 3], gap="large")
    with left:
        tensor = asking.seen_by(speaker)
    with right:
        public.say_who_speaks(speaker)
        if tensor is None:
            return
        parts = asking.answer_to(
            speaker,
            tensor,
            "columns",
            f"Columns of {name}",
            lambda shared, _: columns.predictions(shared, tensor),
        )
        if parts is None:
            return
        st.markdown("**Most likely class of the picture**")
        says(speaker, parts)
    if knows_shapes(speaker):
        _accuracy(speaker, name, parts)


def says(speaker: Voice, parts: Sequence[Part], note: str | None = None) -> None:
    """Draw what each part says of the picture."""
    colour = family_colour(cnn_models.spec(speaker.key).family)
    st.plotly_chart(
        path_parts.says(parts, speaker.classes, colour),
        config={"displayModeBar": False},
        key="what the parts say",
        alt="Most likely class and its probability for each part of the network",
    )
    st.markdown(path_parts.notice(parts, speaker.classes))
    st.caption("; ".join(f"{part.label}: {part.where}" for part in parts) + ".")
    if note:
        st.caption(note)


def _accuracy(speaker: Voice, name: str, parts: Sequence[Part]) -> None:
    st.subheader("On many pictures")
    count = asking.how_many()
    shares = asking.answer(
        speaker,
        ("columns", count),
        f"Columns of {name}",
        lambda shared, report: columns.accuracies(
            shared, asking.test_pictures(speaker, count), report
        ),
    )
    if shares is None:
        return
    st.plotly_chart(
        path_parts.right(parts, shares, family_colour(cnn_models.spec(speaker.key).family)),
        config={"displayModeBar": False},
        key="how often the parts are right",
        alt=f"Share of {count} pictures that each column gets right",
    )
    st.markdown(columns.notice(parts, shares, count))
