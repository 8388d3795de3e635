"""What a network gets of a picture and answers to it, for all pages that ask one.

Models are cached with their locks, answers under the digest of the network's input, so that two
students with one picture share the work and nothing of an upload is kept but the answer to it. At
224 × 224 an answer weighs about 0.2 MB and the largest model, FractalNet-34, 626 MiB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import streamlit as st
import torch
from PIL import Image

import cnn_models
from analysis.progress import Report
from analysis.vision import device, prediction, sight
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice, load
from cnn_models import WeightsUnavailable
from pages.parts.work import result

Result = TypeVar("Result")

# What a network can refuse, each with a sentence that says why; for all pages that ask one.
REFUSALS = (WeightsUnavailable, ValueError, MemoryError, RuntimeError)


def digest(tensor: torch.Tensor) -> str:
    """Name of an input, the same for the same values in the same shape."""
    return hashlib.sha256(repr(tuple(tensor.shape)).encode() + tensor.numpy().tobytes()).hexdigest()


def digest_of_pixels(pixels: np.ndarray) -> str:
    """Name of an array, the same for the same values in the same shape."""
    return hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()


def digest_of_picture(image: Image.Image) -> str:
    """Name of a picture, the same for the same pixels."""
    return hashlib.sha256(repr((image.mode, image.size)).encode() + image.tobytes()).hexdigest()


@st.cache_data(
    max_entries=8, scope="session", show_spinner=False, hash_funcs={Image.Image: digest_of_picture}
)
def sight_of(speaker: Voice, image: Image.Image) -> sight.Sight:
    """What a network is given of a picture; kept for this session only."""
    return sight.sight(image, speaker)


@st.cache_resource(max_entries=4, show_spinner="Loading the network …")
def model(speaker: Voice, where: str) -> Shared:
    """The network with its weights on a device, and the lock for every probe."""
    return Shared(load(speaker, torch.device(where)))


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs={torch.Tensor: digest})
def probabilities(speaker: Voice, tensor: torch.Tensor) -> tuple[np.ndarray, str | None]:
    """(classes,) for one input (1, C, H, W), and what to say about the device."""
    return on_best_device(speaker, lambda shared: prediction.predict(shared, tensor)[0])


def asked(
    speaker: Voice,
    tensor: torch.Tensor,
    question: Hashable,
    label: str,
    work: Callable[[Shared, Report], Result],
) -> tuple[Result, str | None] | None:
    """What `work` finds out about one input, with what to say about the device; None if stopped.

    `question` tells what is asked, with every choice that changes the answer; `label` is what the
    progress bar says meanwhile. Not inside a fragment.
    """
    return of_network(speaker, (digest(tensor), question), label, work)


def of_network(
    speaker: Voice,
    question: Hashable,
    label: str,
    work: Callable[[Shared, Report], Result],
    lend: Callable[[Voice, str], Shared] = model,
) -> tuple[Result, str | None] | None:
    """The same about a network by itself, where no input of the user's is looked at.

    `lend` gives the network for a device, where it is not the one that all pages share.
    """
    name = (speaker.key, speaker.weights_name, question)
    return result(
        name,
        label,
        lambda report: on_best_device(speaker, lambda shared: work(shared, report), lend),
    )


def on_best_device(
    speaker: Voice,
    work: Callable[[Shared], Result],
    lend: Callable[[Voice, str], Shared] = model,
) -> tuple[Result, str | None]:
    """The work on a network that is lent, and what to say about the device; nothing is kept."""
    return device.run_with_fallback(lambda where: work(lend(speaker, where.type)))


@contextmanager
def refusals_said(speaker: Voice) -> Iterator[None]:
    """Say why a network cannot answer, in the place of the answer, and go on behind the block."""
    try:
        yield
    except REFUSALS as refusal:
        name = cnn_models.spec(speaker.key).display_name
        st.warning(f"{name} cannot answer: {refusal}", icon=":material/block:")


def said(answer: tuple[Result, str | None] | None) -> Result | None:
    """The result of `asked` or `of_network`, after its note on the device has been drawn."""
    if answer is None:
        return None
    result, note = answer
    if note:
        st.caption(note)
    return result
