"""All strategies on the same budget and from the same seeds, held against the best there is.

python -m analysis.experiments.record strategies

A seed decides what a strategy draws and which trainings give the rewards. Intervals are Student's
for a mean, at 95%, over the seeds; where two strategies are compared, it is over the differences
of the same seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.experiments import records
from analysis.experiments.search import controller, evolution, table
from analysis.experiments.search.strategies import STRATEGIES, search
from analysis.experiments.search.tabulated import Tabulated
from analysis.vision.grading import intervals

NAME = "strategies"
QUESTION = "Does a search that learns find better networks than chance?"
COLUMNS = ("strategy", "seed", "step", "best", "regret", "sampled", "several")
SEEDS = tuple(range(100))
BUDGET = 300  # networks that a search may try
SEVERAL = 15  # of the best, whose mean Zoph and Le compare too (ICLR 2017, Figure 6)
STEPS = (1, 2, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 250, BUDGET)  # after which it is noted


class Course(NamedTuple):
    """A mean over the seeds and its interval after each noted step, each (steps,)."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """The rows of all searches: one for each strategy, seed and noted step.

    Quantities are accuracies 0..1: `best`, the highest reward so far; `regret`, by which the test
    accuracy of that network is behind the best there is; `sampled`, the mean reward of what was
    tried since the step that was noted before; `several`, the mean test accuracy of the different
    networks with the `SEVERAL` highest rewards so far.
    """

    rows: pd.DataFrame

    @cached_property
    def steps(self) -> tuple[int, ...]:
        return tuple(sorted({int(step) for step in self.rows["step"]}))

    @property
    def seeds(self) -> int:
        return len(set(self.rows["seed"]))

    def values(self, strategy: str, quantity: str) -> np.ndarray:
        """(seeds, steps), in order.

        Raises:
            KeyError: if there is no such quantity, or no search with this strategy.
        """
        own = self.rows[self.rows["strategy"] == strategy]
        if own.empty:
            raise KeyError(strategy)
        return own.pivot(index="seed", columns="step", values=quantity).to_numpy()

    def course(self, strategy: str, quantity: str = "regret") -> Course:
        """A quantity after each noted step, over the seeds."""
        return _course(self.values(strategy, quantity))

    def difference(self, one: str, other: str, quantity: str = "regret") -> Course:
        """By how much a quantity is higher with one strategy than with another, seed by seed."""
        return _course(self.values(one, quantity) - self.values(other, quantity))


def rows(seeds: Sequence[int], say: Callable[[str], None]) -> Iterator[pd.DataFrame]:
    """A table for each seed, from the record of all networks."""
    known = Tabulated.from_rows(records.read(table.NAME).rows)
    for seed in seeds:
        yield pd.concat([searched(known, name, seed) for name in STRATEGIES])
        say(f"seed {seed}: {len(STRATEGIES)} searches of {BUDGET} networks are through")


def searched(known: Tabulated, name: str, seed: int, steps: Sequence[int] = STEPS) -> pd.DataFrame:
    """One search with a strategy of this name, a row after each of the steps."""
    tried = search(STRATEGIES[name](seed), known.oracle(seed), max(steps))
    rewards, ends = np.array([one.reward for one in tried]), np.array(steps)
    parts = np.split(rewards, ends[:-1])
    return pd.DataFrame(
        {
            "strategy": name,
            "seed": seed,
            "step": ends,
            "best": np.maximum.accumulate(rewards)[ends - 1],
            "regret": known.regret(tried)[ends - 1],
            "sampled": [part.mean() for part in parts],
            "several": [known.of_best(tried[:end], SEVERAL) for end in steps],
        }
    )


def settings() -> dict[str, Any]:
    """What the card says of the searches."""
    return {
        "steps": list(STEPS),
        "controller": asdict(controller.PLAN),
        "evolution": asdict(evolution.PLAN),
    }


def _course(values: np.ndarray) -> Course:
    means = [intervals.mean(own, least=-1, most=1) for own in values.T]
    return Course(*(np.array(part) for part in list(zip(*means, strict=True))[:3]))
