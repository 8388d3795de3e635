"""The network whose bubble was clicked: what it is, and the ways on from it."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

import cnn_models
from analysis.amounts import short
from analysis.structure import catalogue
from pages.parts import focus, url
from pages.parts.spelled import Spelled

KEY = "bubble"  # in the address: the network's key
CHART = "the bubbles"
_CLICKED = "bubble that was clicked before this run"


def clicked() -> None:
    """Called when the chart's selection changes; a click beside all bubbles changes nothing."""
    points = st.session_state[CHART]["selection"]["points"]
    if points:
        st.session_state[_CLICKED] = points[-1]["customdata"][0]


def current() -> str | None:
    """The network that was clicked now, or that the address names."""
    asked = url.asked_for(KEY, Spelled(focus.known))
    found = st.session_state.pop(_CLICKED, None) or asked
    url.note(KEY, found)
    return found


def card(key: str, shown: Collection[str]) -> None:
    """What the network is, and how to open it or to put it in focus."""
    spec, row = cnn_models.spec(key), catalogue.including([key]).loc[key]
    with st.container(border=True):
        hidden = "" if key in shown else " It is not among the bubbles shown."
        st.markdown(
            f"**{spec.display_name}** ({row['year']}): {spec.idea}{hidden}  \n"
            f"{short(row['multiply-adds'])} multiply-adds, {short(row['parameters'])} parameters "
            f"and {short(row['activations'])} activations at {row['input']}."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                "pages/architecture.py",
                label="Open in Architecture",
                icon=":material/arrow_forward:",
                query_params=_opened(key),
            )
            _focus_button(key)


def _opened(key: str) -> dict[str, str | list[str]]:
    """The network on the next page, with those in focus where there is room for it."""
    held = _in_focus()
    if key not in held and len(held) >= focus.MOST:
        return {focus.KEY: key}
    keys = list(dict.fromkeys([*held, key]))
    return {focus.KEY: keys} if keys[0] == key else {focus.KEY: keys, "shown": key}


def _focus_button(key: str) -> None:
    held = _in_focus()
    if key in held:
        st.button(
            "Take out of focus", key="focus", on_click=_focus, args=([k for k in held if k != key],)
        )
    else:
        full = len(held) >= focus.MOST
        st.button(
            "Put in focus",
            key="focus",
            on_click=_focus,
            args=([*held, key],),
            disabled=full,
            help=f"At most {focus.MOST} networks; take one out first." if full else None,
        )


def _in_focus() -> list[str]:
    return list(st.session_state.get(focus.KEY) or [])


def _focus(keys: list[str]) -> None:
    st.session_state[focus.KEY] = keys
