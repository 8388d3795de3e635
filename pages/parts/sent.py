"""Values of widgets on their way to the browser.

Streamlit sends a value that the program sets once, with the widget. If the next click comes before
the browser has shown the widget, such as a quick one in the menu, the widget appears empty, and
says so in the run after that: the networks in focus were lost. So the value has to be sent again.
But a value that is sent wipes out what somebody is typing, so it is not sent in each run.
"""

from __future__ import annotations

import time

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_SENT = "sent: on which page and when each widget was last given its value"
_ARRIVES_WITHIN = 3.0  # seconds that a slow browser needs to show a widget


def give(key: str, value: object) -> None:
    """Set the value of the widget `key`, which is drawn next."""
    st.session_state[key] = value
    st.session_state.setdefault(_SENT, {})[key] = (_page(), time.monotonic())


def has_arrived(key: str) -> bool:
    """Whether the browser has had the time to show the widget with what it was given last."""
    page, when = st.session_state.get(_SENT, {}).get(key, (None, 0.0))
    return page == _page() and time.monotonic() - when > _ARRIVES_WITHIN


def _page() -> str | None:
    context = get_script_run_ctx()
    return context.page_script_hash if context else None
