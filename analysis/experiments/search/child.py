"""A child: a network that a search proposes, trained for a short while and judged.

The reward is the accuracy on images held out for the search; other images, which no search sees,
say what it found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from torch import nn

from analysis.experiments import runs
from analysis.experiments.data import Data, Split
from analysis.experiments.digits import HELD, LEARNED
from analysis.experiments.runs import Run
from analysis.experiments.training import Step, TrainingConfig, accuracy, fit
from cnn_models.families.searched import SIDE, key_of

JUDGED = 300  # held-out digits that give the reward; the others, 299, are the test
CONFIG = TrainingConfig(epochs=8, batch_size=64, learning_rate=0.1)


class Child(NamedTuple):
    """How a trained child does: accuracies 0..1, for the search and for the report."""

    reward: float
    test: float


class Digits(NamedTuple):
    """What children learn and are judged by, and what none of them sees before the report."""

    data: Data
    tested: Split


def run_of(number: int, seed: int = 0) -> Run:
    """The training of a child, as the workshop takes it; its test images give the reward."""
    return Run(
        network=key_of(number),
        data="digits",
        side=SIDE,
        train=LEARNED,
        test=JUDGED,
        config=replace(CONFIG, seed=seed),
        augment="none",
    )


def trained(number: int, seed: int) -> Child:
    """Train a child from the weights and on the split of a seed.

    Raises:
        ValueError: if there is no network of this number.
    """
    model, reward = learned(number, seed)
    return Child(reward, accuracy(model, digits_of(seed).tested))


def learned(
    number: int, seed: int, on_step: Callable[[Step], None] = lambda _: None
) -> tuple[nn.Module, float]:
    """A child after its training, and its reward; `on_step` is as in `training.fit`.

    Raises:
        ValueError: if there is no network of this number.
        Diverged: if its loss is no longer a number.
    """
    run, data = run_of(number, seed), digits_of(seed).data
    model = runs.network(run, data.outputs, runs.channels_of(run))
    return model, 1 - fit(model, data, run.config, on_step=on_step)[-1].test_error


@lru_cache(maxsize=4)
def digits_of(seed: int) -> Digits:
    """The digits of a seed at the size of the children, (N, 3, 8, 8), made small once for all."""
    drawn = runs.drawn(replace(run_of(0, seed), test=HELD))
    train, held = (Split(drawn.prepare(s.images), s.labels) for s in (drawn.train, drawn.test))
    judged, tested = (
        Split(held.images[part], held.labels[part]) for part in (slice(JUDGED), slice(JUDGED, None))
    )
    return Digits(Data(train, judged, classes=drawn.classes), tested)
