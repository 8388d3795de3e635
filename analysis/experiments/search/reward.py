"""A reward that knows what a network costs, after MnasNet (Tan et al., CVPR 2019).

    reward = accuracy · (cost / target) ** weight

With a weight of 0 only accuracy counts. MnasNet has -0.07, with which twice the cost is worth 5%
more accuracy; a more negative weight asks for smaller networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

import numpy as np

import cnn_models
from analysis.amounts import counted, listed, percent, short
from analysis.experiments import records
from analysis.experiments.search import latency
from analysis.experiments.search.comparison import BUDGET
from analysis.experiments.search.strategies import STRATEGIES, search
from analysis.experiments.search.tabulated import Tabulated
from analysis.structure import pareto
from cnn_models.families.searched import COUNT, key_of

COSTS: dict[str, str] = {
    "multiply_adds": "multiply-adds",
    "parameters": "parameters",
    "latency": "milliseconds an image",
}
_NEAR = 0.01  # of the best accuracy: as good for most purposes


class Found(NamedTuple):
    """What one search found: a network, its mean test accuracy 0..1 and its cost."""

    number: int
    accuracy: float
    cost: float


@lru_cache(maxsize=len(COSTS))
def costs(name: str) -> np.ndarray:
    """(networks,): what each network costs, in the unit that `COSTS` names.

    Raises:
        KeyError: if there is no such cost.
        NotRecorded: if the latencies have not been measured.
    """
    if name == "latency":
        return latency.of_each(records.read(latency.NAME).rows)
    attribute = {"multiply_adds": "exact_macs", "parameters": "exact_params"}[name]
    specs = (cnn_models.spec(key_of(number)) for number in range(COUNT))
    return np.array([getattr(spec, attribute) for spec in specs], float)


def with_cost(accuracy: float, cost: float, target: float, weight: float) -> float:
    """The reward of a network whose accuracy is 0..1; cost and target in the same unit."""
    return accuracy * (cost / target) ** weight


def front(known: Tabulated, cost: np.ndarray) -> list[int]:
    """Numbers of the networks that none beats in both cost and test accuracy, cheapest first."""
    return pareto.front(cost.tolist(), known.mean_tests.tolist())


def searched(
    known: Tabulated,
    cost: np.ndarray,
    weight: float,
    seed: int,
    strategy: str = "reinforce",
    budget: int = BUDGET,
) -> int:
    """The network that a search with this weight finds; the target is the median cost."""
    priced = _priced(known.oracle(seed), cost, weight)
    tried = search(STRATEGIES[strategy](seed), priced, budget)
    return max(tried, key=lambda one: one.reward).number


def _priced(
    accuracy: Callable[[int], float], cost: np.ndarray, weight: float
) -> Callable[[int], float]:
    target = float(np.median(cost))
    return lambda number: with_cost(accuracy(number), float(cost[number]), target, weight)


def sentence(
    known: Tabulated, name: str, cost: np.ndarray, found: Mapping[float, Sequence[Found]]
) -> str:
    """What the front offers, and what the searches with each weight find."""
    members = front(known, cost)
    best = members[-1]  # as accurate as the best of all, and the cheapest of those
    enough = known.mean_tests[best] - _NEAR
    near = min((n for n in members if known.mean_tests[n] >= enough), key=lambda n: cost[n])
    unit = COSTS[name]
    middles = listed(
        [f"{_middle(own, unit)} with a weight of {_text(weight)}" for weight, own in found.items()]
    )
    searches = (
        f" Searches find, in the middle of {len(next(iter(found.values())))}: {middles}."
        if found
        else ""
    )
    return (
        f"{counted(len(members), 'network')} of {len(known):,} are on the front. The most accurate "
        f"has {short(cost[best])} {unit} and {percent(known.mean_tests[best])} on images that no "
        f"search saw; {short(cost[near])} are enough for {percent(known.mean_tests[near])}, which "
        f"is {cost[best] / cost[near]:.2g} times cheaper.{searches}"
    )


def _middle(found: Sequence[Found], unit: str) -> str:
    cost, accuracy = (median(getattr(one, name) for one in found) for name in ("cost", "accuracy"))
    return f"{percent(accuracy)} with {short(cost)} {unit}"


def _text(weight: float) -> str:
    return f"{weight:g}".replace("-", "−")
