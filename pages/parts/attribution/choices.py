"""What is asked of the networks and how the maps are shown, each choice kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from analysis.vision.attribution import METHODS
from analysis.vision.maps import scales
from analysis.vision.maps.settings import Settings, taken
from analysis.vision.maps.target import LIKELIEST, NEXT, NOTHING, known_to_any
from analysis.vision.voices import Voice
from pages.parts import segments, url
from pages.parts.attribution import settings as widgets

_SMALL = 64  # pixels: up to here nobody waits for the patient methods
_FOR_SMALL = ["saliency", "integrated_gradients", "grad_cam", "occlusion"]
_FOR_LARGE = ["saliency", "input_x_gradient", "guided_backprop", "grad_cam"]


class Wanted(NamedTuple):
    """The class and the one it is held against, as the address names them."""

    wanted: str
    against: str


class Look(NamedTuple):
    """How maps are shown: `strength` from 0, the picture alone, to 1, the map alone."""

    strength: float
    scale: str
    sign: str


def methods(speakers: Sequence[Voice]) -> list[str]:
    """Keys of the methods, in the order of the menu."""
    small = all(max(speaker.input_shape[1:]) <= _SMALL for speaker in speakers)
    default = [name for name in (_FOR_SMALL if small else _FOR_LARGE) if name in METHODS]
    with url.kept("methods", METHODS, default, len(METHODS), "methods"):
        chosen = st.pills(
            "Methods",
            list(METHODS),
            selection_mode="multi",
            wrap=True,
            format_func=_marked,
            key="methods",
            help=":material/hourglass_empty: takes more than a second for a large network.",
        )
    if not chosen:
        st.info("Choose a method: each gives one map for each network.")
    return [name for name in METHODS if name in chosen]


def _marked(name: str) -> str:
    method = METHODS[name]
    return f"{method.label} :material/hourglass_empty:" if method.patient else method.label


def classes(speakers: Sequence[Voice]) -> Wanted:
    """One class for all networks, and one it is held against."""
    known = known_to_any(speaker.classes for speaker in speakers)
    left, right = st.columns(2)
    with left:
        wanted = _class("class", "Which pixels speak for the class", [LIKELIEST, *known])
    with right:
        against = _class("against", "… rather than for", [NOTHING, NEXT, *known])
    return Wanted(wanted, against)


def _class(key: str, label: str, options: list[str]) -> str:
    with url.kept(key, options, options[0], label="the class"):
        return str(st.selectbox(label, options, key=key))


def look(speakers: Sequence[Voice]) -> Look:
    """The colours of the maps; how strong they are means nothing without training."""
    default = "method" if all(speaker.trained_on for speaker in speakers) else "map"
    left, right = st.columns(2)
    with left, url.kept("strength", range(0, 101, 10), 70):
        strength = st.slider("Strength of the map, in %", 0, 100, step=10, key="strength")
    with right:
        sign = segments.choose("sign", scales.SIGNS, "signed", "Values", hidden=False)
    scale = segments.choose("scale", scales.SCALES, default, "One colour scale for", hidden=False)
    return Look(strength / 100, scale, sign)


def settings(speakers: Sequence[Voice], methods: Sequence[str]) -> Settings:
    """The settings that the chosen methods take, and what each method does."""
    fields = taken(methods)
    with st.expander("What the methods do, and their settings"):
        for name in methods:
            method = METHODS[name]
            st.caption(f"**{method.label}**: {method.sentence} ({method.source})")
        return widgets.draw(speakers, fields)
