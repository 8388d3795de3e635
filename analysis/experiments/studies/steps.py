"""How long a training step takes: runs take turns, so that a busy machine slows all of them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from statistics import fmean, quantiles

import torch
from torch import nn

from analysis.experiments import runs
from analysis.experiments.runs import Run
from analysis.progress import Report, silent

ROUNDS = 20
_FIRST = 2  # rounds that are not counted, in which memory is fetched

Times = Mapping[str, Sequence[float]]


def step_times(asked: Sequence[Run], rounds: int = ROUNDS, report: Report = silent) -> Times:
    """Seconds of `rounds` steps of each run, forward, backward and update, on one random batch.

    Raises:
        TrainingError: if a network cannot be built so.
    """
    networks = {run.label: _Step(run) for run in asked}
    times: dict[str, list[float]] = {label: [] for label in networks}
    for number in range(-_FIRST, rounds):
        for label, step in networks.items():
            started = time.perf_counter()
            step()
            if number >= 0:
                times[label].append(time.perf_counter() - started)
        report(number + _FIRST + 1, rounds + _FIRST)
    return times


class _Step:
    """A network in training, and the batch that it sees again and again."""

    def __init__(self, run: Run) -> None:
        generator = torch.Generator().manual_seed(run.config.seed)
        shape = (run.config.batch_size, runs.channels_of(run), run.side, run.side)
        self._images = torch.randn(shape, generator=generator)
        self._labels = torch.arange(run.config.batch_size) % 10
        self._network = runs.network(run, 10, shape[1])
        self._optimiser = torch.optim.SGD(self._network.parameters(), lr=1e-3)

    def __call__(self) -> None:
        self._optimiser.zero_grad()
        nn.functional.cross_entropy(self._network(self._images), self._labels).backward()
        self._optimiser.step()


def notice(times: Times, before: str, after: str) -> str:
    """How long a step of two runs takes on average, and how much less that is."""
    old, new = fmean(times[before]), fmean(times[after])
    change = f"{1 - new / old:.0%} less" if new < old else f"{new / old - 1:.0%} more"
    return (
        f"Measured now on this machine, {len(times[before])} steps of each in turn: a step takes "
        f"{_spread(times[before])} with {before} and {_spread(times[after])} with {after}, "
        f"{change}."
    )


def _spread(seconds: Sequence[float]) -> str:
    low, _, high = (1000 * part for part in quantiles(seconds, n=4))
    return f"{1000 * fmean(seconds):.0f} ms (middle half {low:.0f} to {high:.0f} ms)"
