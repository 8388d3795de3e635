"""A study: runs that differ in one thing, trained with several seeds, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingConfig

SEEDS = (0, 1, 2)

# Digits at the 8 pixels at which they were scanned: enough to tell them apart, and a network of 56
# layers takes seconds for an epoch.
CONFIG = TrainingConfig(epochs=12, batch_size=64, learning_rate=0.05)
DIGITS: dict[str, Any] = {"data": "digits", "side": 8, "train": 1198, "test": 599}


@dataclass(frozen=True)
class Study:
    """Runs to be compared, each said in full with seed 0; `verdict` takes the rows of a record.

    Attributes:
        name: of its files, and in the command that makes them.
        title: a few words, as a heading.
        question: what it answers.
        arms: the runs, of which each has a label of its own.
        quick: labels of the arms that show the matter in about a minute; empty for all.
        quick_epochs: how long those are trained then.
        verdict: from the rows of a record (see `analysis.experiments.records`) to what they say.
    """

    name: str
    title: str
    question: str
    arms: tuple[Run, ...]
    verdict: Callable[[pd.DataFrame], str]
    quick: tuple[str, ...] = ()
    quick_epochs: int = 10

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(run.label for run in self.arms)

    @property
    def preset(self) -> tuple[Run, ...]:
        """The runs that a class can wait for."""
        chosen = self.quick or self.labels
        return tuple(
            replace(run, config=replace(run.config, epochs=self.quick_epochs))
            for run in self.arms
            if run.label in chosen
        )

    def full(self, seeds: Sequence[int] = SEEDS) -> tuple[Run, ...]:
        """All runs of the record: every arm with every seed, all arms of a seed together."""
        return tuple(seeded(run, seed) for seed in seeds for run in self.arms)


def seeded(run: Run, seed: int) -> Run:
    """The same run from other first weights, in another order, on another split."""
    return replace(run, config=replace(run.config, seed=seed))


def arm(label: str, network: str, config: TrainingConfig = CONFIG, **options: Any) -> Run:
    """A run of a study on the digits at 8 pixels; `options` are the network's."""
    return Run(network, config=config, options=options, label=label, **DIGITS)
