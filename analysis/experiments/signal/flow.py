"""What arrives at each layer: activations on the way forward, gradients on the way back.

The same depth is built in four ways: plain, residual, with full pre-activation, and dense. For one
batch, each layer's input and the gradient of the loss by its weights are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from analysis.amounts import listed, scientific
from analysis.experiments import runs
from analysis.experiments.data import Data, Split
from analysis.experiments.runs import Run
from analysis.experiments.signal.small_digits import digits
from analysis.experiments.signal.steps import train
from analysis.experiments.training import TrainingConfig
from analysis.progress import Report, silent
from analysis.vision.probe import probe

GROWTH = 12  # maps that each layer of the dense network adds


class Way(NamedTuple):
    """A way to build a depth: the network of the lab or the catalogue, and its options."""

    label: str
    network: str
    colour: str  # name of a hue, so that all charts give it the same

    def options(self, depth: int) -> dict[str, Any]:
        if self.network == "dense":
            return {"growth": GROWTH, "layers": (depth - 4) // 3}
        return {"depth": depth}


WAYS: Mapping[str, Way] = {
    "plain": Way("Plain", "plain", "convolution"),
    "residual": Way("Residual", "residual", "linear"),
    "preact": Way("Pre-activation", "preact", "batch norm"),
    "dense": Way("Dense", "dense", "addition"),
}
DEPTHS = (20, 56)


class Layer(NamedTuple):
    """What arrives at one layer.

    `activation` is the root mean square of its input, `backward` the norm of the gradient of the
    loss by its output, over the batch, and `gradient` the norm of the gradient by its weights.
    """

    name: str
    activation: float
    backward: float
    gradient: float


def layers(model: nn.Module, batch: Split, data: Data) -> list[Layer]:
    """Read every convolution and linear layer but those on shortcuts, from input to output.

    Normalisation takes the batch's own statistics, as in training; the network is left as it was.
    """
    forward: dict[str, float] = {}
    backward: dict[str, float] = {}
    named = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, nn.Conv2d | nn.Linear) and "downsample" not in name
    }
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
    with probe(model) as network, torch.enable_grad():
        network.train()
        for name, module in named.items():
            module.register_forward_hook(_reading(name, forward, backward))
        loss = nn.functional.cross_entropy(network(data.prepare(batch.images)), batch.labels)
        loss.backward()
        found = [
            Layer(name, forward[name], backward[name], _norm(module.weight.grad))
            for name, module in named.items()
        ]
    for name, buffer in model.named_buffers():
        buffer.copy_(buffers[name])
    return found


def _reading(
    name: str, forward: dict[str, float], backward: dict[str, float]
) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
    """A hook that notes a layer's input, and the gradient by its output when that comes back."""

    def read(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        forward[name] = float(inputs[0].detach().double().square().mean().sqrt())
        output.register_hook(lambda gradient: backward.update({name: _norm(gradient)}))

    return read


def _norm(values: Tensor | None) -> float:
    return 0.0 if values is None else float(values.double().norm())


@dataclass(frozen=True)
class Plan:
    """Which networks are read, on which images, and after how many steps of training.

    Attributes:
        depths: layers with weights.
        inits: rules of the start, each with the network that has it.
        side: of the digits, in pixels.
        images: of a batch.
        steps: after which the layers are read; 0 is the beginning.
        rate: learning rate, without warm-up, with momentum 0.9.
    """

    depths: tuple[int, ...] = (20,)
    inits: tuple[str, ...] = ("he",)
    norms: tuple[bool, ...] = (True, False)
    side: int = 16
    images: int = 64
    steps: tuple[int, ...] = (0,)
    rate: float = 0.05


FULL = Plan(DEPTHS, ("he", "xavier", "small"), images=32)
TRAINED = Plan(DEPTHS, side=8, images=32, steps=(0, 1, 5, 20))
QUANTITIES: Mapping[str, str] = {
    "activation": "Forwards: activations",
    "backward": "Backwards: gradients",
    "gradient": "Gradients of the weights",
}


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a network, step and layer.

    Columns: way, depth, init, norm, seed, step, layer (from 1), name, activation, backward,
    gradient. A network that diverges has no rows from that step on.
    """
    cases = [
        (way, depth, init, norm)
        for way in WAYS
        for depth in plan.depths
        for init in plan.inits
        for norm in plan.norms
    ]
    tables = []
    for place, case in enumerate(cases):
        report(place, len(cases))
        tables.append(_one(plan, seed, *case))
    return pd.concat(tables, ignore_index=True)


def network(way: str, depth: int, init: str, norm: bool, side: int, config: TrainingConfig) -> Run:
    """The run that trains such a network."""
    options = {**WAYS[way].options(depth), "norm": norm, "init": init}
    return Run(WAYS[way].network, side=side, config=config, options=options)


def _one(plan: Plan, seed: int, way: str, depth: int, init: str, norm: bool) -> pd.DataFrame:
    data = digits(plan.side, seed)
    batch = Split(data.train.images[: plan.images], data.train.labels[: plan.images])
    config = TrainingConfig(
        batch_size=plan.images,
        learning_rate=plan.rate,
        weight_decay=0,
        warmup=0,
        schedule="constant",
        seed=seed,
    )
    model = runs.network(network(way, depth, init, norm, plan.side, config), data.outputs, 3)
    rows = []

    def read(step: int) -> None:
        if step in plan.steps:
            for number, layer in enumerate(layers(model, batch, data), start=1):
                rows.append((way, depth, init, norm, seed, step, number, *layer))

    read(0)
    train(model, data, config, max(plan.steps), lambda at: read(at.step))
    columns = ["way", "depth", "init", "norm", "seed", "step", "layer", *Layer._fields]
    return pd.DataFrame(rows, columns=columns)


def over_seeds(rows: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Mean, lowest and highest of a quantity over the seeds: way, layer, mean, low, high.

    The mean is geometric, since the values spread over powers of ten. `rows` are of one depth,
    start and step, with or without normalisation.
    """
    positive = rows[rows[quantity] > 0]
    groups = positive.groupby(["way", "layer"], sort=False)[quantity]
    mean = groups.agg(lambda values: float(np.exp(np.log(values).mean())))
    return pd.DataFrame({"mean": mean, "low": groups.min(), "high": groups.max()}).reset_index()


def sentence(rows: pd.DataFrame, quantity: str) -> str:
    """How much arrives at the far end of each network, relative to the near one.

    The near end of gradients is the last convolution, since the classifier starts in a way of its
    own. `rows` is what `over_seeds` gives.
    """
    parts = []
    for way, own in rows.groupby("way", sort=False):
        first, last = own["mean"].iloc[0], own["mean"].iloc[-2]
        share = last / first if quantity == "activation" else first / last
        parts.append(f"**{scientific(share)}** ({WAYS[str(way)].label.lower()})")
    if quantity == "activation":
        return f"The last convolution gets the strength of the image times {listed(parts)}."
    of = "gradient that arrives at" if quantity == "backward" else "gradient of the weights of"
    said = f"The {of} the first layer is that of the last convolution times {listed(parts)}. "
    return said + _verdict(rows)


def _verdict(rows: pd.DataFrame) -> str:
    """Which network has the most uneven layers, and which the most even ones."""
    uneven = {
        str(way): own["mean"].iloc[:-1].max() / own["mean"].iloc[:-1].min()
        for way, own in rows.groupby("way", sort=False)
    }
    worst, best = max(uneven, key=uneven.__getitem__), min(uneven, key=uneven.__getitem__)
    return (
        f"Between its convolutions the {WAYS[worst].label.lower()} network differs by a factor of "
        f"{scientific(uneven[worst])}, the {WAYS[best].label.lower()} one by "
        f"{scientific(uneven[best])}."
    )
