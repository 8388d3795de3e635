"""The training of a whole network or of its last stages, in the queue, and what came of it."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.folder import Folder
from analysis.experiments.runs import Run
from analysis.experiments.ticket import Ticket
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import classifier
from pages.parts.training import launch, live, shop
from pages.parts.transfer import held
from pages.parts.transfer.held import Learned

TITLE = "Your classes"


def draw(run: Run, found: Folder) -> None:
    """Draw the button that trains, or why it cannot, and the job as it goes."""
    launch.train([run], TITLE, found)
    ticket = shop.shown(TITLE)
    if ticket:
        live.draw(ticket)
        _take(ticket)


def _take(ticket: Ticket) -> None:
    """Keep what a job that is done has learned."""
    before = held.learned()
    if ticket.state != "done" or ticket.job.folder is None or not shop.is_mine(ticket):
        return
    run, progress = ticket.job.runs[0], ticket.progress[0]
    if progress.problem or (before is not None and before.name == _title(run, ticket)):
        return
    try:
        found = classifier.of_run(run, progress.weights, ticket.job.folder)
    except TrainingError as problem:
        st.warning(str(problem), icon=":material/block:")
        return
    held.take_learned(Learned(_title(run, ticket), found, ticket.job.folder))


def _title(run: Run, ticket: Ticket) -> str:
    return f"{run.title} (job {ticket.name})"
