"""What a layer is given while the layers before it learn.

Ioffe and Szegedy (ICML 2015, Figure 1) show three percentiles of the inputs of a nonlinearity
through the training, with batch normalisation and without. Here they are taken over all units of
a layer and one fixed batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from analysis.experiments.signal import small_network
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.small_digits import digits
from analysis.experiments.signal.small_network import BATCH, SIDE, WORDS
from analysis.experiments.signal.steps import train
from analysis.progress import Report, silent
from analysis.vision.probe import probe

PERCENTILES = (5, 25, 50, 75, 95)
LAYERS = ("relu", "layer1.0.relu2", "layer2.0.relu2", "layer3.0.relu2")


@dataclass(frozen=True)
class Plan:
    """How long the networks learn, at which rate, and after how many steps each they are read."""

    steps: int = 100
    every: int = 4
    rate: float = 0.05


FULL = Plan(200)


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a step and layer, with and without.

    Columns: norm, seed, step, layer, and p5, p25, p50, p75, p95, the percentiles of the inputs.
    """
    data, rows = digits(SIDE, seed), []
    images = data.train.images[:BATCH]
    for place, norm in enumerate(WORDS):
        settings = small_network.config(plan.rate, seed)
        model = small_network.network(norm, settings)

        def read(step: int, norm: bool = norm, model: nn.Module = model) -> None:
            for layer, values in inputs(model, images).items():
                rows.append((norm, seed, step, layer, *np.percentile(values, PERCENTILES)))

        def on_step(step: int, place: int = place, read=read) -> None:
            report(place * plan.steps + step, len(WORDS) * plan.steps)
            if step % plan.every == 0:
                read(step)

        read(0)
        train(model, data, settings, plan.steps, lambda at, on_step=on_step: on_step(at.step))
    names = [f"p{percentile}" for percentile in PERCENTILES]
    return pd.DataFrame(rows, columns=["norm", "seed", "step", "layer", *names])


def inputs(model: nn.Module, images: Tensor) -> dict[str, np.ndarray]:
    """What the ReLUs `LAYERS` are given, in the mode of training: flat arrays by name."""
    found: dict[str, np.ndarray] = {}
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
    with probe(model) as network, torch.no_grad():
        network.train()
        for name in LAYERS:
            network.get_submodule(name).register_forward_pre_hook(_noting(name, found))
        network(images)
    for name, buffer in model.named_buffers():
        buffer.copy_(buffers[name])
    return found


def _noting(
    name: str, found: dict[str, np.ndarray]
) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    """A hook that keeps what a layer is given."""

    def note(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        found[name] = given[0].flatten().numpy().copy()

    return note


def spans(rows: pd.DataFrame, layer: str) -> pd.DataFrame:
    """How the width from p5 to p95 changed: one row a seed, with and without.

    Columns: norm, seed, change (largest over smallest width from the first to the last step).
    """
    own = where(rows, layer=layer)
    own = own.assign(width=own["p95"] - own["p5"])
    found = own.groupby(["norm", "seed"]).agg(low=("width", "min"), high=("width", "max"))
    return found.assign(change=found["high"] / found["low"]).reset_index()


def sentence(rows: pd.DataFrame, layer: str) -> str:
    """By how much the width of the inputs changes, mean and range over the seeds."""
    found = spans(rows, layer)
    parts = []
    for norm, words in WORDS.items():
        own = where(found, norm=norm)["change"].to_numpy()
        spread = f" ({own.min():.1f} to {own.max():.1f})" if len(own) > 1 else ""
        parts.append(f"{words} by a factor of **{own.mean():.1f}**{spread}")
    number = len(set(found["seed"]))
    seeds = f"over {number} seeds, mean and range" if number > 1 else "one seed"
    return (
        f"While the network learns, the width of what `{layer}` is given changes {parts[0]}, "
        f"{parts[1]}; {seeds}."
    )
