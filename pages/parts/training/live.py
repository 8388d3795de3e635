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
from pages.parts.training import export, shop

CURVES = "curves"  # in the address: which curves are shown
PACE = 1.0  # seconds between two looks
_STATES = {
    "waiting": ("waits", ":material/hourglass_top:"),
    "training": ("trains", ":material/model_training:"),
    "paused": ("is paused", ":material/pause:"),
    "done": ("is done", ":material/check_circle:"),
    "cancelled": ("was cancelled", ":material/cancel:"),
    "failed": ("failed", ":material/error:"),
}


def draw(ticket: Ticket, beside: Sequence[Ticket] = ()) -> None:
    """Draw the job, every second anew until it is over, with earlier jobs in the same chart."""
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
    _head(ticket)
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


def _head(ticket: Ticket) -> None:
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
