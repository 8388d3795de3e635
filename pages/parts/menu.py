"""The way from page to page, on which the class keeps its choices.

Streamlit's own menu would lead to each page without any choice and put them into the address
afterwards; the browser's Back button would then not lead back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from pages.parts import url

_CHOICES = "menu: choices of each page"
_SHARED = "menu: what all pages share"
_PAGE = "menu: page of the last run"
_PICTURE = "menu: choice of the picture"

# Pages that look at one picture: who goes from one to another takes it along.
_LOOKING = frozenset(
    {"Predict", "Attribution", "Channel attention", "Features", "Paths", "Augmentation", "Transfer"}
)
_OF_PICTURE = ("source", "sample")


def draw(
    place: DeltaGenerator, groups: Mapping[str, Sequence[Page]], here: Page, shared: str
) -> None:
    """One link a page, under the name of its group.

    Each carries the choices with which its page was left, and the present ones for the query
    parameter `shared`, which the pages have in common. Pages that look at a picture share it.
    The page in sight has a link too: it has to carry the present choices, since it would change
    them and leave the address as it is.
    """
    choices = _remembered(here)
    common = url.drawn(shared)
    if common is None:  # a page without that choice, such as Home
        common = st.session_state.get(_SHARED, [])
    st.session_state[_SHARED] = common
    picture = _picture(here)
    for group, pages in groups.items():
        if group:
            place.caption(group)
        for page in pages:
            own = url.present() if page is here else choices.get(page.title, {})
            query = {**own, shared: common}
            query |= picture if page.title in _LOOKING else {}
            place.page_link(page, query_params={k: texts for k, texts in query.items() if texts})


def _picture(here: Page) -> dict[str, list[str]]:
    """The choice of the picture: this page's, or that of the last page that looked at one."""
    held = st.session_state.setdefault(_PICTURE, {})
    if here.title in _LOOKING:  # its part in sight may show no picture
        held.update({key: url.coming(key) for key in _OF_PICTURE if url.is_known(key)})
    return held


def _remembered(here: Page) -> dict[str, dict[str, list[str]]]:
    """Choices of each page, brought up to date when another page is entered."""
    choices = st.session_state.setdefault(_CHOICES, {})
    left = st.session_state.get(_PAGE)
    if left is not None and left != here.title:
        choices[left] = dict(url.seen())
    st.session_state[_PAGE] = here.title
    return choices
