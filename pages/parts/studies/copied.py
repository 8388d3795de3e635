"""A deeper network that is written down instead of trained: the additional blocks copy."""

from __future__ import annotations

import streamlit as st
import torch

from analysis.charts import learning
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.experiments.studies import identity
from analysis.experiments.studies.identity import Deepened
from analysis.progress import Report
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import SEED, shape_batch
from analysis.vision.voices import Voice, voice
from pages.parts import looking, segments

NETWORKS = {"cifar_plain20": "Plain-20", "cifar_resnet20": "ResNet-20"}
_COLOURS = {"cifar_plain20": NEUTRAL, "cifar_resnet20": family_colour("resnet")}
_DEPTHS = {"32": "32 layers", "56": "56 layers", "110": "110 layers"}
_COUNT = 200


def draw() -> None:
    """Draw the choices, the two errors and what they say."""
    st.markdown("**Can a deeper network be at least as good?**")
    with st.container(horizontal=True):
        key = segments.choose("copied", NETWORKS, "cifar_plain20", "Network", hidden=False)
        depth = int(segments.choose("copy", _DEPTHS, "56", "Layers of the copy", hidden=False))
    speaker = voice(key, "shapes")
    with looking.refusals_said(speaker):
        found = looking.said(
            looking.of_network(
                speaker,
                ("deepened", depth, _COUNT, SEED),
                "Asking both networks",
                lambda shared, report: _compared(shared, speaker, depth, report),
            )
        )
        if found is not None:
            _say(found, key, depth)


def _compared(shared: Shared, speaker: Voice, depth: int, report: Report) -> Deepened:
    batch = shape_batch(speaker, _COUNT)
    return identity.compared(shared, depth, batch.images, torch.as_tensor(batch.labels), report)


def _say(found: Deepened, key: str, depth: int) -> None:
    names = (NETWORKS[key], f"its copy with {depth} layers")
    st.plotly_chart(
        learning.ends(
            {names[0]: [found.shallow], names[1]: [found.deep]},
            "test error",
            dict.fromkeys(names, _COLOURS[key]),
        ),
        config={"displayModeBar": False},
        key="errors of a copy",
        alt=f"Test error of {names[0]} and of {names[1]}",
    )
    st.markdown(identity.verdict(found, depth, names))
    st.caption(
        "The copy has the trained layers of the network that ships with the atlas. Each block more "
        "gives back its input: a residual block does so when its last scale and shift are 0, a "
        "plain block when its filters copy the pixel in their middle. Pictures 0 to "
        f"{_COUNT - 1} of the test split of Shapes, seed {SEED}. After He et al. (CVPR 2016), "
        "Section 1."
    )
