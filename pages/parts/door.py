"""Every page is entered through `app.py`, also when its address is the first one asked for.

A folder called `pages` makes a new Streamlit server take each file in it for a page of its own,
until `st.navigation` has been called once. So a shared link that is opened before anybody has seen
Home would run the page's file alone, without settings, navigation and sidebar.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import streamlit as st

from pages.parts import url

_APP = Path(__file__).parents[2] / "app.py"


def enter() -> None:
    """Called first by each page: run `app.py` instead if the page was started without it."""
    if not url.is_addressed():
        runpy.run_path(str(_APP))  # calls st.navigation, which runs the page again
        st.stop()
