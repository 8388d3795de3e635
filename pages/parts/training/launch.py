"""The button that trains a study here and now, and its runs as they come."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.amounts import counted
from analysis.experiments.folder import Folder
from analysis.experiments.runs import Run
from analysis.experiments.studies.study import Study
from pages.parts.training import live, shop, trainable


def train(runs: Sequence[Run], title: str, folder: Folder | None) -> None:
    """Draw the button that puts runs into the queue, and what they cost or why they cannot go."""
    refused = trainable.refusal(runs, folder)
    st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        on_click=shop.start,
        disabled=bool(refused),
        args=(runs, title, folder),
    )
    if refused:
        st.warning(refused, icon=":material/block:")
    else:
        st.caption(trainable.effort_of(runs))


def offer(study: Study) -> None:
    """Draw what starts the short version of a study, and the job that was started last."""
    runs = study.preset
    epochs = max(run.config.epochs for run in runs)
    st.subheader("Run it here")
    st.button(
        f"Train {counted(len(runs), 'network')} for {counted(epochs, 'epoch')}",
        icon=":material/play_arrow:",
        on_click=shop.start,
        args=(runs, study.title),
        key=f"train {study.name}",
    )
    ticket = shop.shown(study.title)
    if ticket:
        live.draw(ticket)
