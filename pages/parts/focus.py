"""The one to four networks in focus: chosen once, kept in the URL, used by every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

import cnn_models
from analysis.structure.relatives import FAMILY_NAMES
from pages.parts import segments, url
from pages.parts.spelled import Spelled

KEY = "networks"
MOST = 4
DEFAULT = ["vgg16", "resnet50"]
FAMILY = "family that the list of networks shows"  # of this session, not in the address


def choose() -> None:
    """Draw the choice in the sidebar, the same on every page."""
    with url.kept(KEY, Spelled(known), DEFAULT, MOST, "networks"), st.sidebar:
        st.multiselect(
            "Networks in focus",
            _offered(),
            format_func=display_name,
            max_selections=MOST,
            select_all=False,
            key=KEY,
            help="One to four networks. Every page works on them; the address bar keeps them.",
        )


def known(key: str) -> str:
    """The key itself, of a network of the catalogue or of a search.

    Raises:
        ValueError: if there is no such network.
    """
    try:
        return cnn_models.spec(key).key
    except cnn_models.UnknownModel as unknown:
        raise ValueError(str(unknown)) from unknown


def _offered() -> list[str]:
    """The networks of one family, if one is chosen, and those that are in focus already.

    What a search finds is in no list, and stands here only while it is in focus.
    """
    family = st.selectbox(
        "Family",
        [None, *FAMILY_NAMES],
        format_func=_with_count,
        key=FAMILY,
        help="Shortens the list below. You can also type a part of a network's name there.",
    )
    held = st.session_state[KEY]
    listed = cnn_models.names()
    found = [key for key in held if key not in listed]
    return [key for key in listed if key in held or _is_of(key, family)] + found


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


def offer(
    label: str, keys: Sequence[str], icon: str, choices: Mapping[str, str] | None = None
) -> None:
    """Draw a button that puts other networks in focus, on the page that is shown.

    `choices` are other choices that it makes, each with the value of its widget. A link to the
    page on which it stands would show the networks and leave the address as it was.
    """
    st.button(
        label,
        icon=icon,
        key=f"focus on {' '.join([*keys, *(choices or {}).values()])}",
        on_click=_take,
        args=({KEY: list(keys), **(choices or {})},),
    )


def _take(choices: Mapping[str, object]) -> None:
    for key, value in choices.items():
        st.session_state[key] = value
    url.clicked()


def choose_one(titled: bool = False) -> str:
    """One of the networks in focus, as in `current`; asks only when there are several."""
    keys = current(titled)
    if len(keys) == 1:
        return keys[0]
    names = {key: display_name(key) for key in keys}
    return segments.choose("shown", names, keys[0], "Network", asked="the network")
