"""The one to four networks in focus: chosen once, kept in the URL, used by every page."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.structure.relatives import FAMILY_NAMES
from pages.parts import segments, url

KEY = "networks"
MOST = 4
DEFAULT = ["vgg16", "resnet50"]
FAMILY = "family that the list of networks shows"  # of this session, not in the address


def choose() -> None:
    """Draw the choice in the sidebar, the same on every page."""
    keys = cnn_models.names()
    with url.kept(KEY, keys, DEFAULT, MOST, "networks"), st.sidebar:
        st.multiselect(
            "Networks in focus",
            _offered(),
            format_func=display_name,
            max_selections=MOST,
            select_all=False,
            key=KEY,
            help="One to four networks. Every page works on them; the address bar keeps them.",
        )


def _offered() -> list[str]:
    """The networks of one family, if one is chosen, and those that are in focus already."""
    family = st.selectbox(
        "Family",
        [None, *FAMILY_NAMES],
        format_func=_with_count,
        key=FAMILY,
        help="Shortens the list below. You can also type a part of a network's name there.",
    )
    held = st.session_state[KEY]
    return [key for key in cnn_models.names() if key in held or _is_of(key, family)]


def _is_of(key: str, family: str | None) -> bool:
    return family is None or cnn_models.spec(key).family == family


def _with_count(family: str | None) -> str:
    name = "All families" if family is None else FAMILY_NAMES[family]
    return f"{name} ({len(cnn_models.names(family))})"


def display_name(key: str) -> str:
    """The network's name as the lectures write it."""
    return cnn_models.spec(key).display_name


def held() -> list[str]:
    """Keys of the networks in focus; there may be none."""
    return list(st.session_state.get(KEY) or [])


def current(titled: bool = False) -> list[str]:
    """Keys of the networks in focus; ends the page with a sentence when there are none.

    `titled` says that the page has drawn its title already.
    """
    keys = held()
    if not keys:
        if not titled:
            st.title("Which network?")
        st.info("Choose a network in the sidebar: it is what this page is about.")
        raise url.PageEnded
    return keys


def choose_one(titled: bool = False) -> str:
    """One of the networks in focus, as in `current`; asks only when there are several."""
    keys = current(titled)
    if len(keys) == 1:
        return keys[0]
    names = {key: display_name(key) for key in keys}
    return segments.choose("shown", names, keys[0], "Network", asked="the network")
