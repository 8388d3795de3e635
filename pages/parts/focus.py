"""The one to four networks in focus: chosen once, kept in the URL, used by every page."""

from __future__ import annotations

import streamlit as st

import cnn_models
from pages.parts import url

KEY = "networks"
MOST = 4
DEFAULT = ["vgg16", "resnet50"]


def choose() -> None:
    """Draw the choice in the sidebar, the same on every page."""
    keys = cnn_models.names()
    with url.kept(KEY, keys, DEFAULT, MOST, "networks"), st.sidebar:
        st.multiselect(
            "Networks in focus",
            keys,
            format_func=display_name,
            max_selections=MOST,
            key=KEY,
            help="One to four networks. Every page works on them; the address bar keeps them.",
        )


def display_name(key: str) -> str:
    """The network's name as the lectures write it."""
    return cnn_models.spec(key).display_name


def current() -> list[str]:
    """Keys of the networks in focus; ends the page with a sentence when there are none."""
    keys = st.session_state.get(KEY) or []
    if not keys:
        st.title("Which network?")
        st.info("Choose a network in the sidebar: it is what this page is about.")
        st.stop()
    return keys


def choose_one() -> str:
    """One of the networks in focus; asks only when there are several."""
    keys = current()
    if len(keys) == 1:
        return keys[0]
    with url.kept("shown", keys, keys[0], label="the network"):
        chosen = st.segmented_control(
            "Network",
            keys,
            required=True,
            format_func=display_name,
            key="shown",
            label_visibility="collapsed",
        )
    return str(chosen)
