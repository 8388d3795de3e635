"""The jobs of this session, to look at again or beside the one that is shown, and the queue."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.experiments import outcome
from analysis.experiments.ticket import Ticket
from pages.parts.training import shop

_BESIDE = "earlier jobs beside the one that is shown"  # in the session


def beside(ticket: Ticket) -> list[Ticket]:
    """Draw the choice of earlier jobs for the same chart; nothing where there are none."""
    others = {
        other.name: other
        for other in shop.workshop().of(shop.owner())
        if other is not ticket and any(lines for _, lines in other.tracks())
    }
    if not others:
        return []
    chosen: Sequence[str] = st.multiselect(
        "Compare with earlier runs",
        list(others),
        format_func=lambda name: outcome.named(others[name]),
        key=_BESIDE,
        placeholder="none",
    )
    return [others[name] for name in chosen]


def queue() -> None:
    """Draw what trains and waits on this machine."""
    jobs = shop.workshop().open()
    if not jobs:
        return
    with st.expander(f"Queue of this machine ({len(jobs)})", icon=":material/queue:"):
        for number, job in enumerate(jobs, start=1):
            whose = "yours" if shop.is_mine(job) else "another session's"
            st.markdown(f"{number}. {job.title}, {whose}: {job.state}")
