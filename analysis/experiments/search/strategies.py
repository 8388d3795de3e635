"""Strategies: what to try next, given how well what was tried has done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from analysis.experiments.search.at_random import AtRandom
from analysis.experiments.search.controller import Reinforce
from analysis.experiments.search.evolution import Evolution


class Strategy(Protocol):
    """It is asked for a network, then told how well that did, and so on."""

    def ask(self) -> int:
        """The number of the next network to try."""
        ...

    def tell(self, number: int, reward: float) -> None:
        """The reward of a network that was asked for."""
        ...


class Tried(NamedTuple):
    """A network that a search has tried, and its reward."""

    number: int
    reward: float


STRATEGIES: Mapping[str, Callable[[int], Strategy]] = {
    "random": AtRandom,
    "evolution": Evolution,
    "reinforce": Reinforce,
}
TITLES: Mapping[str, str] = {
    "random": "random search",
    "evolution": "evolution",
    "reinforce": "controller (REINFORCE)",
}


def search(strategy: Strategy, reward: Callable[[int], float], budget: int) -> list[Tried]:
    """Try as many networks as the budget allows, and return all of them in turn."""
    tried: list[Tried] = []
    for _ in range(budget):
        number = strategy.ask()
        tried.append(Tried(number, reward(number)))
        strategy.tell(*tried[-1])
    return tried
