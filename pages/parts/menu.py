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


def draw(
    place: DeltaGenerator, groups: Mapping[str, Sequence[Page]], here: Page, shared: str
) -> None:
    """One link a page, under the name of its group.

    Each carries the choices with which its page was left, and the present ones for the query
    parameter `shared`, which the pages have in common.
    """
    choices = _remembered(here)
    common = url.drawn(shared)
    if common is None:  # a page without that choice, such as Home
        common = st.session_state.get(_SHARED, [])
    st.session_state[_SHARED] = common
    for group, pages in groups.items():
        if group:
            place.caption(group)
        for page in pages:
            query = choices.get(page.title, {}) | {shared: common}
            place.page_link(page, query_params={k: texts for k, texts in query.items() if texts})


def _remembered(here: Page) -> dict[str, dict[str, list[str]]]:
    """Choices of each page, brought up to date when another page is entered."""
    choices = st.session_state.setdefault(_CHOICES, {})
    left = st.session_state.get(_PAGE)
    if left is not None and left != here.title:
        choices[left] = dict(url.seen())
    st.session_state[_PAGE] = here.title
    return choices
