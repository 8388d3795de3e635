"""What a run costs, said before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from analysis.experiments import lab
from analysis.experiments.runs import Run
from analysis.structure import graph

BACKWARD = 2  # a gradient for the weights and one for the maps, each as costly as the forward pass


def forward(network: str, side: int, options: Mapping[str, Any] | None = None) -> int:
    """Multiply-adds of one image of `side` pixels, in a network for ten classes.

    Raises:
        ValueError: if the network cannot be built so, or refuses images of this side.
    """
    with torch.device("meta"):
        model = lab.build(network, 10, options or {}).eval()
    return graph.trace(model, (lab.channels(network), side, side)).totals().macs


def of_steps(run: Run, macs: int) -> int:
    """Multiply-adds of all training steps, and of the test after each epoch."""
    return run.config.epochs * macs * ((1 + BACKWARD) * run.train + run.test)
