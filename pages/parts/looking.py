"""One network's answer to a picture: its classes, its maps, and how it came to see the picture.

Models are cached with their locks, answers under the digest of the network's input, so that two
students with one picture share the work and nothing of an upload is kept but the answer to it. At
224 × 224 an answer weighs about 0.2 MB and the largest model, FractalNet-34, 626 MiB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np
import streamlit as st
import torch
from PIL import Image

from analysis.charts import predictions
from analysis.charts.palette import family_colour
from analysis.progress import Report
from analysis.vision import device, overlay, prediction, sight
from analysis.vision.attribution import METHODS, AttributionMap, attribute
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice, load
from cnn_models import WeightsUnavailable, spec
from pages.parts import focus, pictures, url
from pages.parts.work import result

Result = TypeVar("Result")

# What a network can refuse, each with a sentence that says why; for all pages that ask one.
REFUSALS = (WeightsUnavailable, ValueError, MemoryError, RuntimeError)
_LIKELIEST = "most likely"


def digest(tensor: torch.Tensor) -> str:
    """Name of an input, the same for the same values."""
    return hashlib.sha256(tensor.numpy().tobytes()).hexdigest()


def digest_of_picture(image: Image.Image) -> str:
    """Name of a picture, the same for the same pixels."""
    return hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()


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
    return _on_best_device(speaker, lambda shared: prediction.predict(shared, tensor)[0])


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs={torch.Tensor: digest})
def attribution(
    speaker: Voice, tensor: torch.Tensor, target: int, method: str
) -> tuple[AttributionMap, str | None]:
    """The map of one method for one class of one input, and what to say about the device."""
    return _on_best_device(speaker, lambda shared: attribute(shared, tensor, target, method))


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
    speaker: Voice, question: Hashable, label: str, work: Callable[[Shared, Report], Result]
) -> tuple[Result, str | None] | None:
    """The same about a network by itself, where no input of the user's is looked at."""
    name = (speaker.key, speaker.weights_name, question)
    return result(
        name, label, lambda report: _on_best_device(speaker, lambda shared: work(shared, report))
    )


def _on_best_device(speaker: Voice, work: Callable[[Shared], Result]) -> tuple[Result, str | None]:
    return device.run_with_fallback(lambda where: work(model(speaker, where.type)))


@st.fragment
def answer(speaker: Voice, image: Image.Image, methods: Sequence[str], strength: float) -> None:
    """Draw what one network gets, says and looked at; a refusal is said in its place."""
    name = focus.display_name(speaker.key)
    try:
        seen = sight_of(speaker, image)
        shares, note = probabilities(speaker, seen.tensor)
    except REFUSALS as refusal:
        st.warning(f"{name} cannot answer: {refusal}", icon=":material/block:")
        return
    ranked = prediction.top_k(shares, speaker.classes)
    given, said = st.columns([2, 3], gap="large")
    given.image(sight.enlarged(seen.picture), caption="What the network gets", width=224)
    with said:
        st.plotly_chart(
            predictions.top_bars(ranked, family_colour(spec(speaker.key).family)),
            config={"displayModeBar": False},
            key=f"top of {speaker.key}",
            alt=f"The most likely classes for {name}",
        )
        target = _target(speaker, ranked[0].index)
    if note:
        st.caption(note)
    _maps(speaker, seen, target, methods, strength)
    if speaker.trained_on:
        asked = speaker.classes[target] if methods else ""
        st.markdown(predictions.notice(name, ranked, asked))
    with st.expander("Step by step from the picture to the network's input"):
        pictures.show_stages(seen.stages)


def _target(speaker: Voice, likeliest: int) -> int:
    key, options = f"class-{speaker.key}", [_LIKELIEST, *speaker.classes]
    with url.kept(key, options, _LIKELIEST, label="the class"):
        chosen = st.selectbox("Class that the maps answer for", options, key=key)
    return likeliest if chosen == _LIKELIEST else speaker.classes.index(str(chosen))


def _maps(
    speaker: Voice, seen: sight.Sight, target: int, methods: Sequence[str], strength: float
) -> None:
    places = st.columns(max(3, len(methods)))
    for place, method in zip(places, methods, strict=False):
        label = METHODS[method].label
        with place, st.spinner(f"{label} …"):
            try:
                found, note = attribution(speaker, seen.tensor, target, method)
            except REFUSALS as refusal:
                st.warning(f"{label} cannot say: {refusal}", icon=":material/block:")
                continue
            picture = overlay.overlay(seen.picture, found, strength)
            caption = f"{label}: {overlay.legend(found)}"
            st.image(sight.enlarged(picture), caption=caption, width="stretch")
            for line in (found.note, note, _completeness(found)):
                if line:
                    st.caption(line)


def _completeness(found: AttributionMap) -> str:
    if found.delta is None:
        return ""
    total = float(found.values.sum())
    return f"The pixels add up to {total:.2f}, off by {abs(found.delta):.2g}."
