"""What searches find whose reward knows the cost, as the weight of the cost is turned.

python -m analysis.experiments.record search_costs

The searches draw their rewards from the record of all networks, and latencies from theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from analysis.experiments import records
from analysis.experiments.search import controller, reward, table
from analysis.experiments.search.comparison import BUDGET
from analysis.experiments.search.reward import COSTS, Found
from analysis.experiments.search.tabulated import Tabulated

NAME = "search_costs"
QUESTION = "What does a search find that also counts the cost?"
COLUMNS = ("cost", "weight", "seed", "number")
SEEDS = tuple(range(5))
WEIGHTS = (0.0, -0.01, -0.02, -0.03, -0.05, -0.07, -0.15)


def rows(seeds: Sequence[int], say: Callable[[str], None]) -> Iterator[pd.DataFrame]:
    """A table for each seed: the network that the controller finds with each cost and weight."""
    known = Tabulated.from_rows(records.read(table.NAME).rows)
    for seed in seeds:
        found = [
            (name, weight, seed, reward.searched(known, reward.costs(name), weight, seed))
            for name in COSTS
            for weight in WEIGHTS
        ]
        yield pd.DataFrame(found, columns=list(COLUMNS))
        say(f"seed {seed}: {len(found)} searches of {BUDGET} networks are through")


def settings() -> dict[str, Any]:
    """What the card says of the searches."""
    return {"weights": list(WEIGHTS), "budget": BUDGET, "controller": asdict(controller.PLAN)}


def found(
    recorded: pd.DataFrame, known: Tabulated, name: str, cost: np.ndarray
) -> dict[float, list[Found]]:
    """What the searches with each weight found, by weight from 0 on; `cost` is (networks,).

    Raises:
        KeyError: if nothing was recorded with the cost of this name.
    """
    own = recorded[recorded["cost"] == name]
    if own.empty:
        raise KeyError(name)
    numbers: dict[float, list[Found]] = {}
    for weight, number in zip(own["weight"].tolist(), own["number"].tolist(), strict=True):
        one = Found(number, float(known.mean_tests[number]), float(cost[number]))
        numbers.setdefault(weight, []).append(one)
    return dict(sorted(numbers.items(), reverse=True))
