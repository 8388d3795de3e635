"""The table of all networks: rewards without training, and how far a find is from the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.experiments.search.strategies import Tried


@dataclass(frozen=True)
class Tabulated:
    """What every network of the space reaches, by its number; accuracies 0..1.

    Attributes:
        rewards: (networks, seeds), on the images that a search may see.
        tests: (networks, seeds), on images that no search sees.
        seconds: (networks, seeds) that the training took.
    """

    rewards: np.ndarray
    tests: np.ndarray
    seconds: np.ndarray

    @classmethod
    def from_rows(cls, rows: pd.DataFrame) -> Tabulated:
        """The table from the rows of the record.

        Raises:
            ValueError: if a network lacks one of the seeds.
        """
        wide = rows.pivot(index="number", columns="seed", values=["reward", "test", "seconds"])
        if wide.isna().to_numpy().any() or list(wide.index) != list(range(len(wide))):
            raise ValueError("The table needs every network from 0 on with each of its seeds.")
        return cls(*(wide[name].to_numpy() for name in ("reward", "test", "seconds")))

    def __len__(self) -> int:
        return len(self.rewards)

    @cached_property
    def mean_rewards(self) -> np.ndarray:
        """(networks,): over the seeds."""
        return self.rewards.mean(1)

    @cached_property
    def mean_tests(self) -> np.ndarray:
        """(networks,): over the seeds."""
        return self.tests.mean(1)

    @property
    def best(self) -> int:
        """The network with the highest mean test accuracy; of equals, the lowest number."""
        return int(self.mean_tests.argmax())

    def oracle(self, seed: int) -> Callable[[int], float]:
        """A reward as a real search has it: that of one training, whose seed is drawn each time."""
        random = np.random.default_rng(seed)
        last = self.rewards.shape[1]
        return lambda number: float(self.rewards[number, random.integers(last)])

    def best_so_far(self, tried: Sequence[Tried]) -> np.ndarray:
        """(steps,): number of the network with the highest reward until each step.

        Of equal rewards the first counts, since a search has no reason to change its mind.
        """
        numbers = np.array([one.number for one in tried], dtype=np.int64)
        rewards = np.array([one.reward for one in tried])
        best = np.maximum.accumulate(rewards)
        is_new = np.r_[True, best[1:] > best[:-1]][: len(best)]
        return numbers[np.maximum.accumulate(np.where(is_new, np.arange(len(best)), 0))]

    def regret(self, tried: Sequence[Tried]) -> np.ndarray:
        """(steps,): test accuracy that the best network so far is behind the best there is.

        Both are means over the seeds. It is exact, and may rise: a network that was lucky in what a
        search sees need not be better.
        """
        return self.mean_tests[self.best] - self.mean_tests[self.best_so_far(tried)]

    def of_best(self, tried: Sequence[Tried], count: int) -> float:
        """Mean test accuracy of the `count` different networks with the highest rewards."""
        rewards: dict[int, float] = {}
        for one in tried:
            rewards.setdefault(one.number, one.reward)
        best = sorted(rewards, key=lambda number: -rewards[number])[:count]
        return float(self.mean_tests[best].mean())
