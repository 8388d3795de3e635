"""Batch normalisation when training and when asked: two different functions.

In training a map is normalised by the mean and variance of its batch, when asked by averages that
were kept along the way. Until these have settled, the network that is asked is not the one that was
trained; and in training the answer to an image depends on the images beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor, nn

from analysis.amounts import percent
from analysis.experiments.data import Split
from analysis.experiments.signal import small_network
from analysis.experiments.signal.small_digits import digits
from analysis.experiments.signal.small_network import BATCH, SIDE
from analysis.experiments.signal.steps import train
from analysis.experiments.training import accuracy
from analysis.progress import Report, silent

COMPANIES = 8  # batches in which one image is asked
ASKED = 16  # images that are asked so


@dataclass(frozen=True)
class Plan:
    """After how many steps the network is asked in both ways, and the learning rate."""

    steps: tuple[int, ...] = (0, 1, 2, 5, 10, 20, 40, 60)
    rate: float = 0.1


FULL = Plan((0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 60, 80, 100, 140, 200))


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a step: seed, step, batch, kept, swing.

    `batch` and `kept` are shares of errors on the images held out, normalised by the statistics of
    their own batch of 64 and by the kept ones. `swing` is by how much the probability of an
    image's own class differs between 8 batches that the image is part of: mean over 16 images.
    """
    data = digits(SIDE, seed)
    settings = small_network.config(plan.rate, seed)
    model = small_network.network(True, settings)
    rows = []

    def read(step: int) -> None:
        report(step, max(plan.steps))
        if step in plan.steps:
            kept = 1 - accuracy(model, data.test)
            with batch_statistics(model):
                own = errors(model, data.test)
                found = swing(model, data.test)
            rows.append((seed, step, own, kept, found))

    read(0)
    train(model, data, settings, max(plan.steps), lambda at: read(at.step))
    return pd.DataFrame(rows, columns=["seed", "step", "batch", "kept", "swing"])


@contextmanager
def batch_statistics(model: nn.Module) -> Iterator[None]:
    """Normalise by the statistics of the batch; mode and kept statistics are restored."""
    was_training = model.training
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}
    model.train()
    try:
        yield
    finally:
        model.train(was_training)
        for name, buffer in model.named_buffers():
            buffer.copy_(buffers[name])


@torch.no_grad()
def errors(model: nn.Module, split: Split) -> float:
    """Share of errors over whole batches of 64, in the mode that the network is in."""
    whole = len(split.labels) // BATCH * BATCH
    batches = split.images[:whole].split(BATCH)
    answers = torch.cat([model(images).argmax(1) for images in batches])
    return float((answers != split.labels[:whole]).float().mean())


@torch.no_grad()
def swing(model: nn.Module, split: Split) -> float:
    """How far the probability of an image's class goes from batch to batch, 0..1."""
    images, labels = split.images[:ASKED], split.labels[:ASKED]
    size = BATCH - ASKED
    others = split.images[ASKED : ASKED + COMPANIES * size].split(size)
    found = torch.stack([_own(model, images, labels, company) for company in others])
    return float((found.max(0).values - found.min(0).values).mean())


def _own(model: nn.Module, images: Tensor, labels: Tensor, company: Tensor) -> Tensor:
    """Probability of the own class of each image, in this company."""
    logits = model(torch.cat([images, company]))[: len(images)]
    return logits.softmax(1).gather(1, labels[:, None])[:, 0]


def sentence(rows: pd.DataFrame) -> str:
    """When the two functions differ most, how they end, and what the company does."""
    groups = rows.groupby("step")
    found = groups.agg(batch=("batch", "mean"), kept=("kept", "mean"), swing=("swing", "mean"))
    means = found.to_dict("index")
    worst = max(means, key=lambda step: means[step]["kept"] - means[step]["batch"])
    last = max(means)
    lagging, settled = ({name: percent(v) for name, v in means[at].items()} for at in (worst, last))
    number = len(set(rows["seed"]))
    seeds = f"Means over {number} seeds." if number > 1 else "One seed."
    return (
        f"After {worst} steps **{lagging['batch']}** of the images held out are wrong with the "
        f"statistics of their own batch, but **{lagging['kept']}** with the kept ones, which lag "
        f"behind. After {last} steps it is {settled['batch']} and {settled['kept']}. In training "
        f"mode the probability of an image's own class still moves by {settled['swing']} with the "
        f"other images of its batch. {seeds}"
    )
