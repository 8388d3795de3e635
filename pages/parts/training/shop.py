"""The queue of this server, and which of its jobs belong to this session."""

from __future__ import annotations

import os
from collections.abc import Sequence

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.experiments.folder import Folder
from analysis.experiments.messages import Job, Search
from analysis.experiments.runs import Run
from analysis.experiments.ticket import Ticket
from analysis.experiments.workshop import Full, Workshop
from pages.parts import url

_JOB = "job"  # in the address: the name of the job that is shown
_CHOSEN = "job that was chosen just now"  # in the session
_REFUSED = "why the last job was not taken"  # in the session


@st.cache_resource(max_entries=1, show_spinner=False)
def workshop() -> Workshop:
    """One for all sessions."""
    return Workshop(is_there=_is_there)


def _is_there(session: str) -> bool:
    """Whether a browser is still connected for a session, whichever page it shows."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def owner() -> str:
    """A name for this session that no other has."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def start(runs: Sequence[Run], title: str, folder: Folder | None = None) -> None:
    """Put runs into the queue as one job and show it; for a button's `on_click`.

    `folder` holds the pictures of those that learn the user's own.
    """
    _submit(Job(tuple(runs), folder, _threads()), title)


def start_search(search: Search, title: str) -> None:
    """Put a search into the queue and show it; for a button's `on_click`."""
    _submit(Job(search=search, threads=_threads()), title)


def _threads() -> int:
    return max(1, (os.cpu_count() or 1) // workshop().slots)


def _submit(job: Job, title: str) -> None:
    try:
        ticket = workshop().submit(job, title, owner())
    except Full as full:
        st.session_state[_REFUSED] = str(full)
        return
    show(ticket)


def show(ticket: Ticket) -> None:
    """Let the page show this job; for a button's `on_click`."""
    st.session_state[_CHOSEN] = ticket.name
    url.clicked()


def shown(title: str = "") -> Ticket | None:
    """The job that was chosen or that the address names, else the latest of this session.

    The address may name another session's job: who has its name may watch it. With a `title`,
    only jobs of that title are meant.
    """
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.warning(refused, icon=":material/hourglass_disabled:")
    shop = workshop()
    name = st.session_state.pop(_CHOSEN, None) or url.asked_for(_JOB, shop.names())
    mine = [ticket for ticket in shop.of(owner()) if title in ("", ticket.title)]
    ticket = shop.ticket(name) if name else None
    if ticket is None or title not in ("", ticket.title):
        ticket = mine[-1] if mine else None
    url.note(_JOB, ticket.name if ticket else None)
    return ticket


def is_mine(ticket: Ticket) -> bool:
    """Whether this session may pause and cancel it."""
    return ticket.owner == owner()
