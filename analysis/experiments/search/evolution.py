"""Regularised evolution, after Real et al. (AAAI 2019): the oldest dies, however good it is.

A few networks are drawn at random, of which the best becomes a parent. Its child differs in one
decision, drawn at random, and takes the place of the network that has been there for longest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.experiments.search.controller import COUNTS


@dataclass(frozen=True)
class Plan:
    """How many networks live at once, and among how many of them a parent is chosen.

    Real et al. have 100 and 25 for 20,000 networks; a search here tries some hundred.
    """

    alive: int = 40
    compared: int = 10


PLAN = Plan()


class Evolution:
    """Evolution as a strategy; until as many as may live are there, networks are random."""

    def __init__(self, seed: int, plan: Plan = PLAN, counts: Sequence[int] = COUNTS) -> None:
        self._plan, self._counts = plan, tuple(counts)
        self._random = np.random.default_rng(seed)
        self._alive: deque[tuple[int, float]] = deque(maxlen=self._plan.alive)

    def ask(self) -> int:
        if len(self._alive) < self._plan.alive:
            return int(self._random.integers(np.prod(self._counts)))
        chosen = self._random.choice(len(self._alive), self._plan.compared, replace=False)
        parent, _ = max((self._alive[place] for place in chosen), key=lambda one: one[1])
        return self._mutated(parent)

    def tell(self, number: int, reward: float) -> None:
        self._alive.append((number, reward))  # the oldest falls out

    def _mutated(self, number: int) -> int:
        picks = [int(pick) for pick in np.unravel_index(number, self._counts)]
        places = [place for place, count in enumerate(self._counts) if count > 1]
        place = int(self._random.choice(places))
        others = [pick for pick in range(self._counts[place]) if pick != picks[place]]
        picks[place] = int(self._random.choice(others))
        return int(np.ravel_multi_index(picks, self._counts))
