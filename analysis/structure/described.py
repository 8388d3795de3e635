"""A network of the registry, described without its weights: its graph at the paper's input."""

from __future__ import annotations

import torch

import cnn_models
from analysis.structure import graph


def traced(key: str) -> graph.Graph:
    """The graph of network `key` at the input size of its paper, built on the meta device.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    spec = cnn_models.spec(key)
    with torch.device("meta"):
        model = cnn_models.build(key)
    return graph.trace(model, spec.input_shape)
