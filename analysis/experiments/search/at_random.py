"""Random search: what every other strategy has to beat."""

from __future__ import annotations

import numpy as np

from cnn_models.families.searched import COUNT


class AtRandom:
    """All networks in an order that the seed decides.

    None comes twice before all have come once, which makes it a little stronger than free draws.
    """

    def __init__(self, seed: int, count: int = COUNT) -> None:
        self._random, self._count = np.random.default_rng(seed), count
        self._left: list[int] = []

    def ask(self) -> int:
        if not self._left:
            self._left = self._random.permutation(self._count).tolist()
        return self._left.pop()

    def tell(self, number: int, reward: float) -> None:
        """Learn nothing from it."""
