"""Which of many choices are not beaten by any other in both what they cost and what they give."""

from __future__ import annotations

import math
from collections.abc import Sequence


def front(costs: Sequence[float], gains: Sequence[float]) -> list[int]:
    """Places of the Pareto front, the cheapest first.

    A choice is on the front if no other costs at most as much and gives at least as much, one of
    the two strictly. Choices that are equal in both stand on it together.

    >>> front([1, 2, 3], [10, 9, 11])
    [0, 2]

    Raises:
        ValueError: if there are not as many costs as gains, or one of them is not a number.
    """
    if len(costs) != len(gains):
        raise ValueError(f"There are {len(costs)} costs but {len(gains)} gains.")
    if any(map(math.isnan, [*costs, *gains])):
        raise ValueError("A cost or a gain is not a number; leave such choices out.")
    members: list[int] = []
    best, best_cost = -math.inf, math.nan
    for place in sorted(range(len(costs)), key=lambda i: (costs[i], -gains[i])):
        is_twin = gains[place] == best and costs[place] == best_cost
        if gains[place] > best or is_twin:
            members.append(place)
            best, best_cost = gains[place], costs[place]
    return members


def saving(costs: Sequence[float], gains: Sequence[float], place: int) -> tuple[int, float]:
    """The cheapest choice that gives at least as much as that at `place`, and how often cheaper.

    A place on the front gives itself and 1, or a twin of it.
    """
    at_least = [i for i in range(len(costs)) if gains[i] >= gains[place]]
    cheapest = min(at_least, key=lambda i: (costs[i], -gains[i]))
    return cheapest, costs[place] / costs[cheapest]
