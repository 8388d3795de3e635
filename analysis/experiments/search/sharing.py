"""What shared weights are worth: how they rank networks, and what they save."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from analysis.experiments.search.comparison import Comparison
from analysis.experiments.search.tabulated import Tabulated
from analysis.experiments.signal.chosen import where

DECK = 1000  # times less computation, as the lecture has it


class Ranking(NamedTuple):
    """Networks by shared weights and by their own training, (n,) each, accuracies 0..1.

    `correlation` is Spearman's, of the ranks: 1 if both put the networks in the same order, 0 if
    they have nothing to do with each other.
    """

    numbers: np.ndarray
    shared: np.ndarray
    true: np.ndarray
    correlation: float


class Saving(NamedTuple):
    """The same reward through shared weights and with children that are trained one by one.

    `children` is how many networks the plain controller tries until it has that reward, the median
    over its seeds; it is inf where half of them never do. Seconds are those of the processor.
    """

    reward: float
    shared_seconds: float
    child_seconds: float
    children: float

    @property
    def alone_seconds(self) -> float:
        return self.children * self.child_seconds

    @property
    def times(self) -> float:
        """How many times as long it takes without shared weights."""
        return self.alone_seconds / self.shared_seconds


@dataclass(frozen=True)
class Sharing:
    """The record of the searches with shared weights, beside those of all networks."""

    rows: pd.DataFrame
    known: Tabulated
    comparison: Comparison

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        return tuple(sorted(set(self.rows["seed"].tolist())))

    def ranking(self, seed: int) -> Ranking:
        """Networks drawn with even chances, once the search is through; true is the mean test."""
        own = self._rows("ranked", seed)
        numbers, shared = own["number"].to_numpy(), own["value"].to_numpy()
        true = self.known.mean_tests[numbers]
        correlation = float(np.asarray(stats.spearmanr(shared, true))[0])
        return Ranking(numbers, shared, true, correlation)

    def found(self, seed: int) -> int:
        """The network that the search chose."""
        return int(self._rows("found", seed)["number"].iloc[0])

    def saving(self, seed: int) -> Saving:
        """What the search of a seed saved."""
        end = self._rows("found", seed)
        reward, seconds = end[["value", "seconds"]].to_numpy()[0].tolist()
        child = float(np.mean(self._rows("timed", seed)["seconds"].to_numpy()))
        reached = self.comparison.values("reinforce", "best") >= reward
        steps = np.array([*self.comparison.steps, np.inf])
        first = np.where(reached.any(1), reached.argmax(1), -1)  # -1 is the place of inf
        return Saving(reward, seconds, child, float(np.median(steps[first])))

    def _rows(self, kind: str, seed: int) -> pd.DataFrame:
        return where(self.rows, kind=kind, seed=seed)


def sentence(sharing: Sharing) -> str:
    """How shared weights rank, what they save here, and why that is not what the deck says."""
    rankings = [sharing.ranking(seed) for seed in sharing.seeds]
    each = [ranking.correlation for ranking in rankings]
    return (
        f"Shared weights put {len(rankings[0].numbers)} networks in an order whose rank "
        f"correlation with the true one is {np.mean(each):.2f} ({min(each):.2f} to "
        f"{max(each):.2f} over {len(each)} seeds, Spearman). {_saved(sharing)}"
    )


def _saved(sharing: Sharing) -> str:
    savings = [sharing.saving(seed) for seed in sharing.seeds]
    behind = [
        sharing.known.mean_tests[sharing.known.best] - sharing.known.mean_tests[sharing.found(seed)]
        for seed in sharing.seeds
    ]
    shared, child = (
        float(np.mean([getattr(s, name) for s in savings]))
        for name in ("shared_seconds", "child_seconds")
    )
    children = float(np.median([s.children for s in savings]))
    start = (
        f"The search takes {shared:.1f} seconds with the training of the one network it chooses, "
        f"which is {100 * float(np.mean(behind)):.2f} points of test accuracy behind the best of "
        "all. "
    )
    if np.isinf(children):
        return (
            f"{start}The controller that trains every child does not come to the same reward "
            f"within {sharing.comparison.steps[-1]} of them, {child:.2f} seconds each, in half of "
            f"its searches. {_why(child)}"
        )
    alone = children * child
    gain = "" if alone > shared else " Here shared weights save nothing."
    return (
        f"{start}The controller that trains every child tries {children:g} of them until it has "
        f"the same reward, {child:.2f} seconds each, {alone:.1f} seconds in all: "
        f"{alone / shared:.2g} times as long.{gain} {_why(child)}"
    )


def _why(child: float) -> str:
    return (
        f"The deck says {DECK:,} times: what is saved is the training of the children, and these "
        f"take {child:.2f} seconds where those of the paper take hours; the shared weights have to "
        "be trained all the same."
    )
