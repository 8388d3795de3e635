"""Cached looks at a picture: models with their locks, predictions and attribution maps.

Results are kept under the digest of the network's input, so that two students with one picture
share the work, and nothing of an upload is kept but the network's answer.
"""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st
import torch

from analysis.vision import device, prediction
from analysis.vision.attribution import AttributionMap, attribute
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice, load


def digest(tensor: torch.Tensor) -> str:
    """Name of an input, the same for the same values."""
    return hashlib.sha256(tensor.numpy().tobytes()).hexdigest()


@st.cache_resource(max_entries=6, show_spinner="Loading the network …")
def model(speaker: Voice) -> Shared:
    """The network with its weights on the best device, and the lock for every probe."""
    loaded, _ = device.run_with_fallback(lambda where: load(speaker, where))
    return Shared(loaded)


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs={torch.Tensor: digest})
def probabilities(speaker: Voice, tensor: torch.Tensor) -> np.ndarray:
    """(classes,) for one input (1, C, H, W)."""
    return prediction.predict(model(speaker), tensor)[0]


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs={torch.Tensor: digest})
def attribution(speaker: Voice, tensor: torch.Tensor, target: int, method: str) -> AttributionMap:
    """The map of one method for one class of one input (1, C, H, W)."""
    return attribute(model(speaker), tensor, target, method)
