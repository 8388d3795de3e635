"""From which start a deep network learns: thirty linear layers with ReLU, and the digits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
import torch
from torch import nn

from analysis.amounts import listed, percent
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.over_seeds import spread
from analysis.experiments.signal.small_digits import LEARNED, digits
from analysis.experiments.signal.starts import STARTS
from analysis.experiments.signal.steps import train
from analysis.experiments.signal.units import PIXELS, OneChannel
from analysis.experiments.training import TrainingConfig, accuracy
from analysis.progress import Report, silent

CHANCE = 0.9  # share of errors of one who guesses among ten digits


@dataclass(frozen=True)
class Plan:
    """The network and how long it learns; after each epoch it is asked.

    Attributes:
        layers: with weights, the last of which gives the answer.
        width: of the others.
        epochs: of training, in batches of 64.
        rate: learning rate, after an epoch of warm-up, down along a cosine; with momentum 0.9.
    """

    layers: int = 30
    width: int = 64
    epochs: int = 6
    rate: float = 0.003


FULL = Plan(width=128, epochs=12)


def network(plan: Plan, start: str, seed: int) -> nn.Module:
    """Linear layers with ReLU between them, from (N, 3, 8, 8) to (N, 10), biases 0."""
    generator = torch.Generator().manual_seed(seed)
    sizes = [PIXELS, *[plan.width] * (plan.layers - 1), 10]
    parts: list[nn.Module] = [OneChannel(), nn.Flatten()]
    for n_in, n_out in pairwise(sizes):
        layer = nn.Linear(n_in, n_out)
        layer.weight.data.copy_(STARTS[start].draw(n_out, n_in, generator=generator))
        nn.init.zeros_(layer.bias)
        parts += [layer, nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a start and epoch: start, seed, epoch, error (0..1, images held out), diverged.

    Epoch 0 is the beginning. A network whose loss became infinite is guessing from then on.
    """
    data, rows = digits(8, seed), []
    per_epoch = LEARNED // 64
    total = plan.epochs * per_epoch
    for place, start in enumerate(STARTS):
        model = network(plan, start, seed)
        settings = TrainingConfig(plan.epochs, 64, plan.rate, weight_decay=0, warmup=1, seed=seed)
        errors = [1 - accuracy(model, data.test)]

        def on_step(step: int, place: int = place, model=model, errors=errors) -> None:
            report(place * total + step, len(STARTS) * total)
            if step % per_epoch == 0:
                errors.append(1 - accuracy(model, data.test))

        fine = train(model, data, settings, total, lambda at, act=on_step: act(at.step))
        errors += [CHANCE] * (plan.epochs + 1 - len(errors))
        rows += [(start, seed, epoch, error, not fine) for epoch, error in enumerate(errors)]
    return pd.DataFrame(rows, columns=["start", "seed", "epoch", "error", "diverged"])


def over_seeds(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a start and epoch: start, epoch, mean, low, high, diverged (share of the seeds)."""
    return spread(rows, ["start", "epoch"], is_sorted=False)


def sentence(rows: pd.DataFrame) -> str:
    """The errors at the end; `rows` is what `over_seeds` gives."""
    last = int(rows["epoch"].to_numpy().max())
    ends = where(rows, epoch=last).set_index("start").to_dict("index")
    parts = []
    for name, end in ends.items():
        spread = f"{percent(end['low'])} to {percent(end['high'])}"
        text = "diverged" if end["diverged"] == 1 else f"{percent(end['mean'])} ({spread})"
        parts.append(f"{STARTS[str(name)].label} {text}")
    return f"Errors after {last} epochs, mean and range: {listed(parts)}."
