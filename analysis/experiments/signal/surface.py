"""The loss around a trained network, along two random directions.

H. Li et al., "Visualizing the Loss Landscape of Neural Nets" (NeurIPS 2018): a direction is drawn
at random and then brought to the size of the weights, filter by filter, so that a step of 1 moves
every filter by its own length. Without that a network with larger weights would look flatter than
an equal one with smaller weights. Biases and what belongs to batch normalisation are not moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from analysis.amounts import listed, percent, scientific
from analysis.experiments import runs
from analysis.experiments.data import Split
from analysis.experiments.runs import Run
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.small_digits import LEARNED, digits
from analysis.experiments.training import TrainingConfig, fit
from analysis.progress import Report, silent
from analysis.vision.probe import probe

NETWORKS = {"plain": "Plain", "residual": "Residual"}
CEILING = 1e4  # losses above are cut, infinite ones too
BATCH = 64
_LOW = 1  # a loss that still says something: guessing among ten classes gives ln 10 = 2.3


@dataclass(frozen=True)
class Plan:
    """How the networks are trained, and where their loss is measured.

    Attributes:
        depth: of both networks.
        side: of the digits, in pixels.
        epochs: of training.
        rate: learning rate, which falls along a cosine.
        points: of the grid, each way; odd, so that the trained network is in the middle.
        reach: how far the grid goes each way, in lengths of the filters.
        images: of the training set, over which the loss is a mean.
    """

    depth: int = 20
    side: int = 8
    epochs: int = 4
    rate: float = 0.05
    points: int = 9
    reach: float = 0.5
    images: int = 100


FULL = Plan(epochs=6, points=11, images=128)


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a network and point of the grid: network, seed, x, y, loss, error.

    `error` is the trained network's share of errors on the images held out, 0..1.
    """
    tables = []
    steps = plan.epochs * (LEARNED // BATCH)
    each = steps + plan.points**2
    for place, name in enumerate(NETWORKS):
        config = TrainingConfig(plan.epochs, BATCH, plan.rate, warmup=1, seed=seed)
        data = digits(plan.side, seed)
        run = Run(name, side=plan.side, config=config, options={"depth": plan.depth})
        model = runs.network(run, data.outputs, 3)

        def say(done: int, before: int = place * each) -> None:
            report(before + done, len(NETWORKS) * each)

        history = fit(model, data, config, on_step=lambda at, say=say: say(at.step))
        shown = Split(data.train.images[: plan.images], data.train.labels[: plan.images])
        ticks = np.linspace(-1, 1, plan.points).round(12) * plan.reach  # 0 is in the middle
        grid = surface(model, shown, ticks, seed, lambda done, _, say=say: say(steps + done))
        x, y = np.meshgrid(ticks, ticks)
        rows = pd.DataFrame({"x": x.ravel(), "y": y.ravel(), "loss": grid.ravel()})
        tables.append(rows.assign(network=name, seed=seed, error=history[-1].test_error))
    return pd.concat(tables, ignore_index=True)


def direction(model: nn.Module, generator: torch.Generator) -> list[Tensor]:
    """A random direction in the space of all parameters, as long as the weights in each filter."""
    found = []
    for parameter in model.parameters():
        if parameter.dim() < 2:
            found.append(torch.zeros_like(parameter))
            continue
        drawn = torch.randn(parameter.shape, generator=generator)
        over = tuple(range(1, parameter.dim()))
        lengths = [torch.linalg.vector_norm(t, dim=over, keepdim=True) for t in (parameter, drawn)]
        found.append(drawn * (lengths[0] / lengths[1]).detach())
    return found


def surface(
    model: nn.Module, shown: Split, ticks: np.ndarray, seed: int, report: Report = silent
) -> np.ndarray:
    """The mean loss at each point of a square grid: (len(ticks), len(ticks)), y down, x across.

    Normalisation uses the statistics of training, as when the network is asked. The weights are
    put back afterwards.
    """
    generator = torch.Generator().manual_seed(seed)
    across, down = direction(model, generator), direction(model, generator)
    start = [parameter.detach().clone() for parameter in model.parameters()]
    losses = np.empty((len(ticks), len(ticks)))
    with probe(model) as network, torch.no_grad():
        try:
            for place, (row, column) in enumerate(np.ndindex(losses.shape)):
                report(place, losses.size)
                steps = zip(network.parameters(), start, across, down, strict=True)
                for parameter, base, dx, dy in steps:
                    parameter.copy_(base + float(ticks[column]) * dx + float(ticks[row]) * dy)
                loss = nn.functional.cross_entropy(network(shown.images), shown.labels)
                losses[row, column] = min(float(loss.nan_to_num(CEILING, CEILING)), CEILING)
        finally:
            for parameter, base in zip(network.parameters(), start, strict=True):
                parameter.copy_(base)
    return losses


def sentence(rows: pd.DataFrame, seed: int) -> str:
    """How high the loss stands around each network; over all seeds, at half the reach."""
    parts = []
    for name, label in NETWORKS.items():
        own = where(rows, network=name, seed=seed)
        centre = float(where(own, x=0, y=0)["loss"].to_numpy()[0])
        most, error = (float(own[column].to_numpy().max()) for column in ("loss", "error"))
        parts.append(
            f"**{label}**: loss {scientific(centre)} in the middle, below {_LOW} on "
            f"{percent(_low(own))} of the plane, {scientific(most)} at most, {percent(error)} "
            "errors on the images held out"
        )
    return "; ".join(parts) + "."


def over_seeds(rows: pd.DataFrame) -> str:
    """Over how much of the plane each network's loss is below 1: mean and range over the seeds."""
    seeds = len(set(rows["seed"]))
    if seeds < 2:
        return ""
    parts = []
    for name, label in NETWORKS.items():
        own = where(rows, network=name)
        shares = [_low(part) for _, part in own.groupby("seed")]
        parts.append(
            f"{percent(float(np.mean(shares)))} for {label.lower()} ({percent(min(shares))} to "
            f"{percent(max(shares))})"
        )
    return (
        f"Over {seeds} seeds the loss is below {_LOW} on {listed(parts)} of the plane, "
        "mean and range."
    )


def _low(rows: pd.DataFrame) -> float:
    """Share of the points at which the loss is low, 0..1."""
    return float((rows["loss"].to_numpy() < _LOW).mean())
