"""With which learning rates a network trains, with batch normalisation and without."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.amounts import listed
from analysis.experiments.signal import small_network
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.over_seeds import spread
from analysis.experiments.signal.small_digits import digits
from analysis.experiments.signal.small_network import CHANCE, SIDE, WORDS
from analysis.experiments.signal.steps import train
from analysis.experiments.training import accuracy
from analysis.progress import Report, silent

TRAINS = 0.5  # a network with fewer errors than this has learned something


@dataclass(frozen=True)
class Plan:
    """Which learning rates are tried, each for so many steps from the same first weights."""

    rates: tuple[float, ...] = (0.001, 0.01, 0.1, 1.0, 10.0)
    steps: int = 50


FULL = Plan((1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 1.0, 3.0, 10.0), 120)


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a rate, with and without: norm, rate, seed, error, diverged.

    `error` is the share of errors on the images held out, 0..1; that of guessing where the loss
    became infinite.
    """
    data, rows = digits(SIDE, seed), []
    cases = [(norm, rate) for norm in WORDS for rate in plan.rates]
    for place, (norm, rate) in enumerate(cases):
        settings = small_network.config(rate, seed)
        model = small_network.network(norm, settings)
        before = place * plan.steps
        fine = train(
            model,
            data,
            settings,
            plan.steps,
            lambda at, before=before: report(before + at.step, len(cases) * plan.steps),
        )
        error = 1 - accuracy(model, data.test) if fine else CHANCE
        rows.append((norm, rate, seed, error, not fine))
    return pd.DataFrame(rows, columns=["norm", "rate", "seed", "error", "diverged"])


def over_seeds(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a rate: norm, rate, mean, low, high, diverged (share of the seeds)."""
    return spread(rows, ["norm", "rate"], is_sorted=True)


def range_of(rows: pd.DataFrame, norm: bool) -> tuple[float, float] | None:
    """The lowest and the highest rate with which the mean error is below `TRAINS`."""
    own = where(rows, norm=norm).query("mean < @TRAINS")["rate"].to_numpy()
    return (float(own.min()), float(own.max())) if len(own) else None


def sentence(rows: pd.DataFrame) -> str:
    """From which to which rate each trains; `rows` is what `over_seeds` gives."""
    parts, widths = [], {}
    for norm, words in WORDS.items():
        found = range_of(rows, norm)
        if found is None:
            parts.append(f"{words} no rate does")
            continue
        widths[norm] = found[1] / found[0]
        parts.append(
            f"{words} rates from **{found[0]:g}** to **{found[1]:g}** do, a factor of "
            f"{widths[norm]:,.0f}"
        )
    said = f"Fewer than {TRAINS:.0%} errors: {listed(parts)}."
    if len(widths) == 2 and widths[True] > widths[False]:
        said += f" The range with it is {widths[True] / widths[False]:,.0f} times as wide."
    return said
