"""A controller that learns to design networks, after Zoph and Le (ICLR 2017), on a recorded grid.

It chooses depth, width and resolution of a design of `scaling`. The reward is the test accuracy
that the record has for that design, with one of its seeds at random, so that a search over many
networks takes no training at all. The update is REINFORCE with a running mean as baseline:
scores += rate · (reward - baseline) · ∇ log p(design).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.amounts import percent
from analysis.experiments.studies.scaling import GRID, Design
from analysis.experiments.studies.spread import Spread, finals, over

STEPS = 400  # designs that a search samples
SEEDS = (0, 1, 2, 3, 4)
_RATE = 1.0
_MEMORY = 0.9  # of the baseline


class Search(NamedTuple):
    """A search: the accuracy to be expected of its next design after each step, 0..1."""

    expected: tuple[float, ...]  # STEPS + 1, the first with even chances
    likeliest: Design


def search(rows: pd.DataFrame, seed: int, steps: int = STEPS) -> Search:
    """Let one controller learn on the rows of the scaling record."""
    rng = np.random.default_rng(seed)
    choices = [sorted({design[place] for design in GRID}) for place in range(3)]
    rewards = _rewards(rows)
    scores = [np.zeros(len(options)) for options in choices]
    expected, baseline = [_expected(rewards, choices, scores)], None
    for _ in range(steps):
        chances = [_softmax(own) for own in scores]
        picks = [int(rng.choice(len(own), p=own)) for own in chances]
        design = Design(*(o[pick] for o, pick in zip(choices, picks, strict=True)))
        reward = float(rng.choice(rewards[design]))
        baseline = reward if baseline is None else baseline
        for own, chance, pick in zip(scores, chances, picks, strict=True):
            own += _RATE * (reward - baseline) * (np.eye(len(own))[pick] - chance)
        baseline = _MEMORY * baseline + (1 - _MEMORY) * reward
        expected.append(_expected(rewards, choices, scores))
    likeliest = Design(*(o[int(s.argmax())] for o, s in zip(choices, scores, strict=True)))
    return Search(tuple(expected), likeliest)


def searches(rows: pd.DataFrame) -> tuple[Search, ...]:
    """One search for each of `SEEDS`."""
    return tuple(search(rows, seed) for seed in SEEDS)


def by_step(found: Sequence[Search]) -> dict[int, Spread]:
    """What is to be expected after each step, over the searches."""
    return {
        step: over(list(values))
        for step, values in enumerate(zip(*(s.expected for s in found), strict=True))
    }


def improves(found: Sequence[Search]) -> bool:
    """Whether every search expects a better network at its end than with even chances."""
    return all(one.expected[-1] > one.expected[0] for one in found)


def verdict(found: Sequence[Search]) -> str:
    """What the searches come to, in sentences."""
    steps, end = by_step(found), len(found[0].expected) - 1
    ends = [one.likeliest.label for one in found]
    likeliest = max(dict.fromkeys(ends), key=ends.count)
    return (
        f"A design drawn with even chances has a test accuracy of {percent(steps[0].mean)} on "
        f"average. After {end} samples the controller draws designs with {steps[end]}, over "
        f"{len(found)} searches. {ends.count(likeliest)} of them favour {likeliest}."
    )


def _rewards(rows: pd.DataFrame) -> dict[Design, list[float]]:
    """Recorded test accuracies of each design, one for each seed."""
    last = finals(rows)
    return {d: [1 - float(row["test_error"]) for row in last[d.label].values()] for d in GRID}


def _expected(
    rewards: dict[Design, list[float]], choices: list[list[int]], scores: list[np.ndarray]
) -> float:
    chances = [_softmax(own) for own in scores]
    total = 0.0
    for picks in itertools.product(*(range(len(options)) for options in choices)):
        design = Design(*(o[pick] for o, pick in zip(choices, picks, strict=True)))
        chance = np.prod([own[pick] for own, pick in zip(chances, picks, strict=True)])
        total += float(chance) * float(np.mean(rewards[design]))
    return total


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()
