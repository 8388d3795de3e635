"""How long one image takes through every network of the space, on one thread of this machine.

python -m analysis.experiments.record search_latency
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import torch

import cnn_models
from analysis.vision.latency import timed
from analysis.vision.timing import Clock, Plan
from cnn_models.families.searched import CHANNELS, CLASSES, COUNT, SIDE, key_of

NAME = "search_latency"
QUESTION = "How long does one image take through each network of a small space?"
COLUMNS = ("number", "seed", "milliseconds")
PLAN = Plan(warm_up=2, least=15, most=15)
_TOGETHER = 64  # networks that take turns


def rows(seeds: Sequence[int], say: Callable[[str], None]) -> Iterator[pd.DataFrame]:
    """A table for each seed, which decides in what order the networks come; one row a network."""
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(COUNT).tolist()
        found = measured(order)
        yield pd.DataFrame(
            {"number": list(found), "seed": seed, "milliseconds": list(found.values())}
        ).sort_values("number")
        say(f"seed {seed}: {len(found):,} networks are measured")


def measured(
    numbers: Sequence[int], plan: Plan = PLAN, clock: Clock = time.perf_counter
) -> dict[int, float]:
    """The median of the milliseconds that one image takes through each network."""
    found: dict[int, float] = {}
    image = torch.randn(1, CHANNELS, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    for start in range(0, len(numbers), _TOGETHER):
        part = numbers[start : start + _TOGETHER]
        models = [cnn_models.build(key_of(number), CLASSES) for number in part]
        spreads = timed(models, [image] * len(part), clock, plan)
        found |= {n: 1000 * spread.median for n, spread in zip(part, spreads, strict=True)}
    return found


def settings() -> dict[str, Any]:
    """What the card says of the measurement."""
    return {"networks": COUNT, "batch": 1, "plan": asdict(PLAN)}


def of_each(found: pd.DataFrame) -> np.ndarray:
    """(networks,): milliseconds an image, the median over the rounds of the record."""
    return (
        found.pivot(index="number", columns="seed", values="milliseconds").median(axis=1).to_numpy()
    )
