"""The counts and the memory of a network, computed once for all sessions and kept in a bound."""

from __future__ import annotations

import streamlit as st
import torch

import cnn_models
from analysis.structure import gpu_memory, held, saved_tensors, training_memory
from analysis.structure.counters import differences, subject
from pages.parts import cached, segments

MOST = 100  # networks, or choices of one network
WITHOUT, WITH = "without", "with"
_MODES = {WITHOUT: "In evaluation", WITH: "In training, with auxiliary heads"}


def choose_heads(key: str) -> bool:
    """Whether to count in training with auxiliary heads; asks only where there are some."""
    if not subject.offers_heads(key):
        return False
    return segments.choose("heads", _MODES, WITHOUT, "Auxiliary heads") == WITH


def comparison(key: str, heads: bool) -> differences.Comparison:
    """What all tools count, tool by tool, with a line on the one that is at work."""
    with st.empty():
        results = {}
        for number, tool in enumerate(differences.COUNTERS):
            with st.spinner(f"{tool} counts ({number + 1} of {len(differences.COUNTERS)}) …"):
                results[tool] = _counted(key, heads, tool)
    return differences.gathered(results)


@st.cache_resource(max_entries=4 * MOST, show_spinner=False)
def _counted(key: str, heads: bool, tool: str) -> differences.Account | str:
    return differences.counted(subject.subject(key, cached.traced(key), heads), tool)


@st.cache_resource(max_entries=MOST, show_spinner="Asking torch what it keeps …")
def footprint(key: str, precision: str) -> training_memory.Footprint:
    """What the memory of a network is made of."""
    kept = saved_tensors.of_network(key, precision)
    return training_memory.footprint(_weightless(key), cached.traced(key), kept)


@st.cache_data(max_entries=MOST, show_spinner="Following every tensor of a forward pass …")
def inference_peak(key: str, images: int, precision: str) -> int:
    """What PyTorch holds at the worst moment of a forward pass, in bytes."""
    shape = cnn_models.spec(key).input_shape
    return held.inference_peak(_weightless(key), shape, images, precision)


@st.cache_data(max_entries=MOST, show_spinner="Following every tensor of a training step …")
def training_peak(key: str, images: int, precision: str, optimiser: str) -> int | str:
    """What PyTorch holds at the worst moment of a step, in bytes, or why there is no step."""
    shape, make = cnn_models.spec(key).input_shape, training_memory.OPTIMISERS[optimiser].make
    try:
        return held.training_peak(_weightless(key), shape, images, precision, make)
    except held.TooFewImages as reason:
        return str(reason)


@st.cache_data(max_entries=MOST, show_spinner="Measuring on the GPU …")
def on_gpu(
    key: str, images: int, optimiser: str, precision: str, estimate: int
) -> tuple[int, int] | str:
    """The peaks in training and in inference, in bytes, or the sentence why there are none."""
    try:
        return gpu_memory.measured(key, images, optimiser, precision, estimate)
    except (gpu_memory.NotMeasured, held.TooFewImages) as reason:
        return str(reason)


def _weightless(key: str) -> torch.nn.Module:
    with torch.device("meta"):
        return saved_tensors.with_all_paths(key)
