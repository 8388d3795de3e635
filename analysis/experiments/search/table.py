"""Every network of the search space, trained once a seed: what makes regret exact.

python -m analysis.experiments.record search
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from analysis.experiments.search.child import CONFIG, JUDGED, trained
from analysis.experiments.search.child import run_of as child_run
from cnn_models.families.searched import COUNT

NAME = "search"
QUESTION = "Which of all networks of a small space is the best, and what do the others reach?"
COLUMNS = ("number", "seed", "reward", "test", "seconds")
SEEDS = (0, 1)


def rows(seeds: Sequence[int], say: Callable[[str], None]) -> Iterator[pd.DataFrame]:
    """A table for each seed, one row a network: accuracies 0..1, seconds of its training."""
    for seed in seeds:
        yield pd.DataFrame(_children(seed, say), columns=list(COLUMNS))


def _children(
    seed: int, say: Callable[[str], None]
) -> Iterator[tuple[int, int, float, float, float]]:
    for number in range(COUNT):
        started = time.perf_counter()
        child = trained(number, seed)
        seconds = round(time.perf_counter() - started, 3)
        yield number, seed, child.reward, child.test, seconds
        if number % 100 == 99:
            say(f"seed {seed}: {number + 1:,} of {COUNT:,} networks are trained")


def settings() -> dict[str, Any]:
    """What the card says of the children."""
    run = child_run(0)
    return {
        "networks": COUNT,
        "data": run.data,
        "side": run.side,
        "train": run.train,
        "judged": JUDGED,
        "config": asdict(CONFIG),
    }
