"""Questions to a network about its paths, answered once for all sessions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import streamlit as st
import torch
from PIL import Image

from analysis.progress import Report
from analysis.vision.paths.judged import Pictures, pictures
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import knows_shapes
from analysis.vision.voices import Voice, voice
from pages.parts import focus, looking, segments, url
from pages.parts.pictures import choose

Result = TypeVar("Result")

_COUNTS = (50, 100, 200, 500, 1000)


def answer(
    speaker: Voice,
    question: Hashable,
    label: str,
    find: Callable[[Shared, Report], Result],
    model: Callable[[Voice, str], Shared] = looking.model,
) -> Result | None:
    """What `find` finds out about a network; None if it was stopped or cannot be said.

    `question` tells what is asked, with every choice that changes the answer. Not in a fragment.
    """
    with looking.refusals_said(speaker):
        return looking.said(looking.of_network(speaker, question, label, find, model))
    return None


def answer_to(
    speaker: Voice,
    tensor: torch.Tensor,
    question: Hashable,
    label: str,
    find: Callable[[Shared, Report], Result],
) -> Result | None:
    """The same about one input (1, C, H, W)."""
    return answer(speaker, (looking.digest(tensor), question), label, find)


def one_of(keys: Sequence[str], default: str | None = None) -> str:
    """The network to look into; asks only when there are several."""
    if len(keys) == 1:
        return keys[0]
    names = {key: focus.display_name(key) for key in keys}
    return segments.choose(
        "within", names, default or keys[0], "Network", asked="the network to look into"
    )


def how_many() -> int:
    """The number of test pictures, chosen in a popover."""
    with url.kept("examples", _COUNTS, 100, label="the number of pictures"):
        st.select_slider("Test pictures of Shapes", list(_COUNTS), key="examples")
    return int(st.session_state["examples"])


def seen_by(speaker: Voice) -> torch.Tensor | None:
    """Draw the choice of a picture; the network's input (1, C, H, W), None while there is none."""
    image = choose(speaker)
    return None if image is None else _tensor(speaker, image)


def _tensor(speaker: Voice, image: Image.Image) -> torch.Tensor | None:
    with looking.refusals_said(speaker):
        return looking.sight_of(speaker, image).tensor
    return None


@st.cache_resource(max_entries=4, show_spinner="Drawing the test pictures …")
def test_pictures(speaker: Voice, count: int) -> Pictures:
    """Shapes that the network has not learned from; 1000 of 32 × 32 take 12 MB."""
    return pictures(speaker, count)


def judged(keys: Sequence[str]) -> list[Voice]:
    """Those of the networks that learned Shapes, so that their answers can be counted."""
    return [speaker for speaker in map(voice, keys) if knows_shapes(speaker)]
