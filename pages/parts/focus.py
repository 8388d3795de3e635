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
    url.warn_about_unknown(KEY, keys, most=MOST)
    with st.sidebar:
        st.multiselect(
            "Networks in focus",
            keys,
            default=DEFAULT,
            format_func=lambda key: cnn_models.spec(key).display_name,
            max_selections=MOST,
            key=KEY,
            bind="query-params",
            help="One to four networks. Every page works on them; the address bar keeps them.",
        )


def current() -> list[str]:
    """Keys of the networks in focus; ends the page with a sentence when there are none."""
    keys = st.session_state.get(KEY) or []
    if not keys:
        st.info("Choose a network in the sidebar: it is what this page is about.")
        st.stop()
    return keys


def choose_one(label: str = "Network") -> str:
    """One of the networks in focus; asks only when there are several."""
    keys = current()
    if len(keys) == 1:
        return keys[0]
    url.warn_about_unknown("shown", cnn_models.names())
    chosen = st.segmented_control(
        label,
        keys,
        default=keys[0],
        required=True,
        format_func=lambda key: cnn_models.spec(key).display_name,
        key="shown",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or keys[0]
