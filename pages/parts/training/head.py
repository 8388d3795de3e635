"""What stands above every job: what it is, how far it is, and what its owner may do with it."""

from __future__ import annotations

import streamlit as st

from analysis.experiments import outcome
from analysis.experiments.ticket import Ticket
from pages.parts.training import shop

_STATES = {
    "waiting": ("waits", ":material/hourglass_top:"),
    "training": ("trains", ":material/model_training:"),
    "paused": ("is paused", ":material/pause:"),
    "done": ("is done", ":material/check_circle:"),
    "cancelled": ("was cancelled", ":material/cancel:"),
    "failed": ("failed", ":material/error:"),
}


def draw(ticket: Ticket) -> None:
    """Draw the state of a job, the buttons of its owner, and the bar."""
    verb, icon = _STATES[ticket.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{icon} **{ticket.title}** {verb}")
        if not ticket.is_over and shop.is_mine(ticket):
            _buttons(ticket)
    if ticket.state == "waiting":
        st.caption(outcome.ahead([other.title for other in shop.workshop().ahead_of(ticket)]))
    elif not ticket.is_over:
        share, said = outcome.progress(ticket)
        st.progress(share, said)


def _buttons(ticket: Ticket) -> None:
    if ticket.state == "paused":
        st.button("Resume", icon=":material/play_arrow:", on_click=ticket.order, args=("resume",))
    elif ticket.state == "training":
        st.button("Pause", icon=":material/pause:", on_click=ticket.order, args=("pause",))
    st.button("Cancel", icon=":material/close:", on_click=ticket.order, args=("cancel",))
