"""A job as it trains: how far it is, its curves, and what its owner may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.charts import live_run
from analysis.charts.learning import Style, styles
from analysis.charts.names import told_apart
from analysis.experiments import outcome
from analysis.experiments.ticket import Progress, Ticket
from analysis.experiments.training import Epoch
from pages.parts import segments
from pages.parts.training import export, head, searching

CURVES = "curves"  # in the address: which curves are shown
PACE = 1.0  # seconds between two looks


def draw(ticket: Ticket, beside: Sequence[Ticket] = ()) -> None:
    """Draw the job, every second anew until it is over, with earlier jobs in the same chart."""
    if ticket.job.search is None:
        segments.choose(CURVES, {"errors": "Errors", "loss": "Loss"}, "errors", "Curves")
    if ticket.is_over:
        _job(ticket, beside)
        export.draw(ticket)
    else:
        st.fragment(_watched, run_every=PACE)(ticket, beside)


def _watched(ticket: Ticket, beside: Sequence[Ticket]) -> None:
    ticket.look()
    _job(ticket, beside)
    if ticket.is_over:
        st.rerun()


def _job(ticket: Ticket, beside: Sequence[Ticket]) -> None:
    head.draw(ticket)
    if ticket.job.search:
        searching.draw(ticket, ticket.job.search)
    else:
        _runs(ticket, beside)


def _runs(ticket: Ticket, beside: Sequence[Ticket]) -> None:
    tracks = [pair for each in (ticket, *beside) for pair in each.tracks()]
    names = told_apart([run.title for run, _ in tracks])
    looks = styles({name: run.network for name, (run, _) in zip(names, tracks, strict=True)})
    lines = {name: epochs for name, (_, epochs) in zip(names, tracks, strict=True)}
    if st.session_state[CURVES] == "loss" or not any(lines.values()):
        parts = [part for each in (ticket, *beside) for part in each.progress]
        _losses(ticket, dict(zip(names, parts, strict=True)), looks)
    else:
        _errors(ticket, lines, looks, max(run.config.epochs for run, _ in tracks))
    st.markdown(outcome.notice(tracks))
    for sentence in outcome.problems(ticket):
        st.warning(sentence, icon=":material/report:")


def _errors(
    ticket: Ticket, lines: Mapping[str, Sequence[Epoch]], looks: Mapping[str, Style], epochs: int
) -> None:
    left, right = st.columns(2)
    sides: tuple[tuple[DeltaGenerator, live_run.Which], ...]
    sides = ((left, "train_error"), (right, "test_error"))
    for place, which in sides:
        with place:
            st.plotly_chart(
                live_run.errors(lines, looks, epochs, which),
                config={"displayModeBar": False},
                key=f"curves {which} of {ticket.name}",
                alt=f"{which.replace('_', ' ')} of {', '.join(lines)} after each epoch",
            )


def _losses(ticket: Ticket, parts: Mapping[str, Progress], looks: Mapping[str, Style]) -> None:
    st.plotly_chart(
        live_run.losses(
            {name: part.losses for name, part in parts.items()},
            looks,
            max(part.steps for part in parts.values()),
        ),
        config={"displayModeBar": False},
        key=f"losses of {ticket.name}",
        alt=f"Loss of {', '.join(parts)} step by step",
    )
