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

from analysis.amounts import percent
from analysis.experiments import records
from analysis.experiments.search import controller, evolution, table
from analysis.experiments.search.strategies import STRATEGIES, TITLES, search
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


def sentence(found: Comparison) -> str:
    """How far each strategy gets, and whether those that learn beat chance."""
    ends = "; ".join(f"{TITLES[name]} {_said(found.course(name))}" for name in STRATEGIES)
    learning = [name for name in STRATEGIES if name != "random"]
    against = " ".join(_against_chance(found, name) for name in learning)
    several = " ".join(_against_chance(found, name, "several") for name in learning)
    return (
        f"After {found.steps[-1]} networks, this much test accuracy is missing to the best network "
        f"of all: {ends} (mean over {found.seeds} seeds and 95% interval, Student's). {against}\n\n"
        f"By the mean of its best {SEVERAL} networks, which Zoph and Le compare too: {several}\n\n"
        f"{_tried(found)}"
    )


def _tried(found: Comparison) -> str:
    """What the controller learns to try, which is not yet what it finds."""
    first, last = (found.course("reinforce", "sampled").mean[place] for place in (0, -1))
    mean, low, high = (part[-1] for part in found.difference("reinforce", "random", "sampled"))
    order = "better" if low > 0 else "worse" if high < 0 else "not decidedly other"
    return (
        f"What the controller tries has a reward of {percent(first)} at first and {percent(last)} "
        f"in the end, {_points(mean)} points ({_points(low)} to {_points(high)}) from what random "
        f"search tries, {order}; the best of many random networks can still be as good as the best "
        "that it finds, because rewards are noisy and many networks are nearly as good as the best."
    )


def _against_chance(found: Comparison, name: str, quantity: str = "regret") -> str:
    pair = ("random", name) if quantity == "regret" else (name, "random")
    mean, low, high = (part[-1] for part in found.difference(*pair, quantity))
    side, outcome = "ahead of", "that does not decide it"
    if low > 0:
        outcome = "it wins"
    if high < 0:
        mean, low, high, side, outcome = -mean, -high, -low, "behind", "it loses"
    interval = f"{_points(mean)} points ({_points(low)} to {_points(high)})"
    title = TITLES[name][0].upper() + TITLES[name][1:]
    return f"{title} is {side} random search by {interval} from the same seed: {outcome}."


def _said(course: Course) -> str:
    mean, low, high = (part[-1] for part in course)
    return f"{_points(mean)} points ({_points(low)} to {_points(high)})"


def _points(share: float) -> str:
    return f"{100 * share:.2f}".replace("-", "−")


def _course(values: np.ndarray) -> Course:
    means = [intervals.mean(own, least=-1, most=1) for own in values.T]
    return Course(*(np.array(part) for part in list(zip(*means, strict=True))[:3]))
