"""How small a batch may be: normalisation by few images is noisy."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.amounts import percent
from analysis.experiments.signal import small_network
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.small_digits import LEARNED, digits
from analysis.experiments.signal.small_network import BATCH, CHANCE, SIDE, WORDS
from analysis.experiments.signal.steps import train
from analysis.experiments.training import accuracy
from analysis.progress import Report, silent


@dataclass(frozen=True)
class Plan:
    """Which batches are tried; each network sees every image `epochs` times.

    The learning rate is `rate` for a batch of 64, and in proportion for others (P. Goyal et al.
    2017, arXiv:1706.02677).
    """

    sizes: tuple[int, ...] = (2, 8, 32)
    epochs: int = 1
    rate: float = 0.1


FULL = Plan((2, 4, 8, 16, 32, 64))


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a size, with and without: norm, size, seed, error (0..1, images held out)."""
    data, rows, done = digits(SIDE, seed), [], 0
    total = 2 * plan.epochs * sum(LEARNED // size for size in plan.sizes)
    for norm in WORDS:
        for size in plan.sizes:
            settings = small_network.config(plan.rate * size / BATCH, seed, size)
            model = small_network.network(norm, settings)
            steps = plan.epochs * (LEARNED // size)
            fine = train(
                model, data, settings, steps, lambda at, done=done: report(done + at.step, total)
            )
            done += steps
            rows.append((norm, size, seed, 1 - accuracy(model, data.test) if fine else CHANCE))
    return pd.DataFrame(rows, columns=["norm", "size", "seed", "error"])


def over_seeds(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a size: norm, size, mean, low, high."""
    groups = rows.groupby(["norm", "size"], sort=True)
    found = groups.agg(mean=("error", "mean"), low=("error", "min"), high=("error", "max"))
    return found.reset_index()


def sentence(rows: pd.DataFrame) -> str:
    """Errors with the smallest batch and with the best one, with and without."""
    parts = []
    for norm, words in WORDS.items():
        part = where(rows, norm=norm)
        means = dict(zip(part["size"], part["mean"], strict=True))
        smallest, best = min(means), min(means, key=lambda size: means[size])
        rest = (
            ", the best"
            if best == smallest
            else f" and {percent(means[best])} with {best}, the best"
        )
        parts.append(f"{words} **{percent(means[smallest])}** with a batch of {smallest}{rest}")
    return f"Errors on the images held out: {'; '.join(parts)}."
