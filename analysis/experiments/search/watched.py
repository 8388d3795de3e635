"""A search step by step, with what its controller thinks at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from analysis.experiments.search.controller import Reinforce
from analysis.experiments.search.strategies import STRATEGIES


class Seen(NamedTuple):
    """A network that was tried, with its reward, and the controller's state where there is one.

    `chances` are those of each option at each decision when the network was drawn; `baseline` is
    the moving mean that its reward is held against, None before there is one.
    """

    number: int
    reward: float
    chances: tuple[tuple[float, ...], ...] = ()
    baseline: float | None = None


def watched(
    strategy: str, seed: int, reward: Callable[[int], float], budget: int
) -> Iterator[Seen]:
    """Search with the strategy of this name, and say after each network how it did.

    Raises:
        KeyError: if there is no strategy of this name.
    """
    searching = STRATEGIES[strategy](seed)
    for _ in range(budget):
        number = searching.ask()
        chances, baseline = (), None
        if isinstance(searching, Reinforce):
            chances, baseline = searching.chances, searching.baseline
        seen = Seen(number, reward(number), chances, baseline)
        searching.tell(number, seen.reward)
        yield seen
