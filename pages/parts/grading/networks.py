"""Whose explanations are graded: the networks in focus that learned Shapes."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import listed
from analysis.vision.grading.cheat import HONEST, KEY
from analysis.vision.shape_batch import knowing_shapes
from analysis.vision.voices import Voice, voice
from pages.parts import focus


def speakers() -> list[Voice]:
    """Those in focus that know Shapes; a small one that ships if there is none, and says so."""
    keys = focus.current(titled=True)
    known = [key for key in keys if key in knowing_shapes()]
    missing = [key for key in keys if key not in known]
    if missing:
        _offer(missing, bool(known))
    return [voice(key, HONEST) for key in known or [KEY]]


def _offer(missing: list[str], others: bool) -> None:
    names = listed(map(focus.display_name, missing))
    does = "has" if len(missing) == 1 else "have"
    instead = "" if others else f" Graded instead is {focus.display_name(KEY)}."
    with st.container(border=True):
        st.markdown(
            f"{names} {does} not learned Shapes, the pictures whose truth is known.{instead} "
            "These have: they ship with the atlas."
        )
        with st.container(horizontal=True):
            for key in knowing_shapes():
                focus.offer(focus.display_name(key), [key], ":material/verified:")
