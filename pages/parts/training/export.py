"""What a job leaves to be taken away: curves, weights, and the command that repeats it."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import mebibytes
from analysis.experiments import history
from analysis.experiments.ticket import Ticket
from pages.parts.training import searching


def draw(ticket: Ticket) -> None:
    """Draw the downloads; whatever an unfinished run has learned is there too."""
    if ticket.job.search:
        searching.export(ticket, ticket.job.search)
    tracks = ticket.tracks()
    if not any(lines for _, lines in tracks):
        return
    with st.container(horizontal=True):
        st.download_button(
            "Curves (CSV)",
            history.csv(tracks),
            "curves.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        for (run, _), progress in zip(tracks, ticket.progress, strict=True):
            if progress.weights:
                st.download_button(
                    f"Weights of {run.title} ({mebibytes(len(progress.weights))})",
                    progress.weights,
                    f"{run.network}-{run.data}.safetensors",
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"weights of {run.title} in {ticket.name}",
                )
    with st.expander("Repeat it in a terminal", icon=":material/terminal:"):
        st.code("\n".join(run.command() for run, _ in tracks), language="bash", wrap_lines=True)
