"""The picture that is looked at, and what the gates answer to it."""

from __future__ import annotations

import streamlit as st
import torch
from PIL import Image

from analysis.progress import Report
from analysis.vision import samples
from analysis.vision.gates.classes import ClassGates, by_class
from analysis.vision.gates.reading import Reading, read
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import SEED, shape_batch
from analysis.vision.voices import Voice
from pages.parts import looking, pictures, url

NONE = "none"
_BESIDE = "beside"  # in the address: the second picture


def picture(speaker: Voice) -> torch.Tensor | None:
    """Draw the choice of a picture; the network's input (1, C, H, W), None where there is none."""
    image = pictures.choose(speaker)
    return None if image is None else _input(speaker, image)


def second_picture(speaker: Voice) -> tuple[torch.Tensor, str] | None:
    """Draw the choice of a sample to compare with: its input and its name."""
    found = samples.samples()
    with url.kept(_BESIDE, [NONE, *found], _default(speaker), label="the second picture"):
        chosen = st.selectbox(
            "Second picture",
            [NONE, *found],
            format_func=lambda name: found[name].label if name in found else "none",
            key=_BESIDE,
        )
    if chosen not in found:
        return None
    sample = found[str(chosen)]
    opened = pictures.opened_picture(sample.path.read_bytes(), sample.path.name)
    made = _input(speaker, opened.image)
    return None if made is None else (made, sample.label)


def first_name() -> str:
    """What the first picture is called: a sample by its name."""
    if st.session_state.get("source") != "sample":
        return "your picture"
    return samples.samples()[st.session_state["sample"]].label


def readings(speaker: Voice, tensor: torch.Tensor) -> tuple[Reading, ...] | None:
    """All gates for one picture; None if it was stopped or refused, which is then said."""
    with looking.refusals_said(speaker):
        answer = looking.asked(
            speaker,
            tensor,
            "gates",
            "Reading the gates",
            lambda shared, report: read(shared, tensor, report),
        )
        return looking.said(answer)
    return None


def over_shapes(speaker: Voice, count: int) -> tuple[ClassGates, ...] | None:
    """All gates by class over the first `count` pictures of Shapes' test split."""
    with looking.refusals_said(speaker):
        answer = looking.of_network(
            speaker,
            ("gates over shapes", count, SEED),
            "Reading the gates of pictures",
            lambda shared, report: _by_class(shared, speaker, count, report),
        )
        return looking.said(answer)
    return None


def _by_class(shared: Shared, speaker: Voice, count: int, report: Report) -> tuple[ClassGates, ...]:
    batch = shape_batch(speaker, count)
    return by_class(read(shared, batch.images, report), batch.labels)


def _input(speaker: Voice, image: Image.Image) -> torch.Tensor | None:
    with looking.refusals_said(speaker):
        return looking.sight_of(speaker, image).tensor
    return None


def _default(speaker: Voice) -> str:
    """Another sample like the one that stands first for this network."""
    found = samples.samples()
    first = found[samples.suited(speaker.trained_on)]
    alike = [s.name for s in found.values() if s.resembles == first.resembles and s != first]
    return alike[-1] if alike else NONE
