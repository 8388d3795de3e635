"""How long a training step of two runs takes, measured when somebody asks."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.runs import Run
from analysis.experiments.studies import steps
from pages.parts import url, work


def draw(before: Run, after: Run) -> None:
    """Draw a switch, and what was measured while it is on."""
    with url.kept("timed", [True, False], False):
        wanted = st.toggle(
            "Measure the time of a training step",
            key="timed",
            help=f"{steps.ROUNDS} steps of each network; it takes some seconds.",
        )
    if not wanted:
        return
    times = work.result(
        ("time of a step", before.label, after.label),
        "Training steps",
        lambda report: steps.step_times((before, after), report=report),
    )
    if times is not None:
        st.markdown(steps.notice(times, before.label, after.label))
        st.caption(
            f"Batches of {before.config.batch_size} at {before.side} pixels, forward, backward and "
            f"update. The networks take turns, so that other work on the machine slows both."
        )
