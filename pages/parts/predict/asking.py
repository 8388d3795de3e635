"""Asking networks about a picture, or about Shapes: the answers, or a refusal in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import streamlit as st
import torch
from PIL import Image

from analysis.charts.palette import family_colour
from analysis.progress import Report
from analysis.vision import prediction, sight
from analysis.vision.predicting import judged
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice
from cnn_models import spec
from pages.parts import focus, looking, public, url

Result = TypeVar("Result")

COUNTS = (100, 500, 1000, 3000)  # images of Shapes
_AT_ONCE = 5  # inputs of one network


@dataclass(frozen=True, eq=False)
class Heard:
    """What one network says to one picture: `scores` (classes,) before the softmax."""

    speaker: Voice
    seen: sight.Sight
    scores: np.ndarray
    note: str | None

    @property
    def name(self) -> str:
        return focus.display_name(self.speaker.key)

    @property
    def shares(self) -> np.ndarray:
        return prediction.softmax(self.scores[None])[0]

    @property
    def ranked(self) -> tuple[prediction.Prediction, ...]:
        return prediction.top_k(self.shares, self.speaker.classes)

    @property
    def colour(self) -> str:
        return colour(self.speaker)


def colour(speaker: Voice) -> str:
    """The colour of a network's family."""
    return family_colour(spec(speaker.key).family)


def say_who_speak(speakers: Sequence[Voice]) -> None:
    """Whose weights speak, for several networks in as few lines as can be."""
    trained = [speaker for speaker in speakers if speaker.trained_on]
    if trained:
        lines = [f"**{focus.display_name(v.key)}**: {v.sentence}." for v in trained]
        st.caption("  \n".join(lines))
    for speaker in speakers:
        if not speaker.trained_on:
            st.caption(f"**{focus.display_name(speaker.key)}**")
            public.say_who_speaks(speaker)


def hear(speaker: Voice, image: Image.Image) -> Heard | None:
    """What a network says to a picture; None, with the reason drawn, if it has no answer."""
    name = focus.display_name(speaker.key)
    with looking.refusals_said(speaker):
        seen = looking.sight_of(speaker, image)
        found = scores(speaker, seen.tensor, f"{name} looks")
        return Heard(speaker, seen, found[0][0], found[1]) if found else None
    return None


def scores(
    speaker: Voice, tensor: torch.Tensor, label: str
) -> tuple[np.ndarray, str | None] | None:
    """(N, classes) for inputs (N, C, H, W) and what to say about the device; None if stopped."""

    def work(shared: Shared, report: Report) -> np.ndarray:
        found = []
        for inputs in tensor.split(_AT_ONCE):
            report(len(found) * _AT_ONCE, len(tensor))
            found.append(prediction.scores(shared, inputs))
        return np.concatenate(found)

    return looking.asked(speaker, tensor, "scores", label, work)


def choose_shapes() -> tuple[int, int]:
    """Draw the choice of how many images of Shapes, and of their seed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with url.kept("judged", COUNTS, 500, label="the number of images"):
            count = st.selectbox(
                "Images of Shapes", COUNTS, format_func="{:,}".format, key="judged", width=180
            )
        with url.kept("drawn", range(1000), 0, label="the seed"):
            seed = st.number_input("Their seed", 0, 999, step=1, key="drawn", width=140)
    return int(count), int(seed)


def judge(speaker: Voice, count: int, seed: int) -> judged.Judged | None:
    """What a network says to images of Shapes; None if it was stopped, or refused with a reason."""
    name = focus.display_name(speaker.key)

    def work(shared: Shared, report: Report) -> judged.Judged:
        return judged.on_shapes(shared, speaker, count, seed, report)

    question = ("judged on Shapes", count, seed)
    with looking.refusals_said(speaker):
        return looking.said(looking.of_network(speaker, question, f"{name} looks at Shapes", work))
    return None
