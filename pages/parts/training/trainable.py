"""Which of the networks in focus can be trained here, and which are offered instead."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import cnn_models
from analysis.amounts import listed
from analysis.experiments import outcome
from analysis.experiments.effort import forward, of_steps
from analysis.experiments.folder import Folder
from analysis.experiments.runs import Run, check
from pages.parts import cached, focus

OFFERED = (
    ("Plain-20 and ResNet-20", ("cifar_plain20", "cifar_resnet20")),
    ("Plain-56 and ResNet-56", ("cifar_plain56", "cifar_resnet56")),
    ("SE-ResNet-20", ("cifar_se_resnet20",)),
    ("LeNet-5 (modern)", ("lenet5_modern",)),
)
LARGEST = 64  # pixels of an image; what is made for more is trained for days


def choose(keys: Sequence[str]) -> list[str]:
    """The networks in focus that take small images; where there is none, two that do."""
    small = [key for key in keys if cnn_models.spec(key).input_shape[1] <= LARGEST]
    large = [key for key in keys if key not in small]
    if not large:
        return small
    instead = small or list(OFFERED[0][1])
    names = listed(map(focus.display_name, large))
    verb = "is" if len(large) == 1 else "are"
    with st.container(border=True):
        st.markdown(
            f"{names} {verb} made for images of {_side(large)} pixels, which take days to learn on "
            f"a processor. This page trains **{listed(map(focus.display_name, instead))}**. "
            "Networks that learn in minutes, to put in focus:"
        )
        with st.container(horizontal=True):
            for label, offered in OFFERED:
                focus.offer(label, offered, ":material/model_training:")
    return instead


def _side(keys: Sequence[str]) -> str:
    return listed(sorted({str(cnn_models.spec(key).input_shape[1]) for key in keys}))


@st.cache_data(max_entries=cached.MOST, show_spinner=False)
def _macs(key: str, side: int) -> int:
    return forward(key, side)


def refusal(runs: Sequence[Run], folder: Folder | None = None) -> str:
    """Why these runs cannot be trained, in a sentence; empty if they can."""
    try:
        for run in runs:
            check(run, folder)
            _macs(run.network, run.side)
    except ValueError as problem:  # a TrainingError is one
        return str(problem)
    return ""


def effort_of(runs: Sequence[Run]) -> str:
    """What the runs cost, in a sentence."""
    return outcome.effort([of_steps(run, _macs(run.network, run.side)) for run in runs])
