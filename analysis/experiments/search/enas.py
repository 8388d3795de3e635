"""Search with shared weights: the weights learn and the controller learns, in turns.

python -m analysis.experiments.record enas

As in ENAS (Pham et al., ICML 2018): through an epoch, each batch trains the shared weights of one
child that the controller draws; then the weights stay, and the controller learns from how children
with these weights do on the judged images. A departure: half of the children whose weights learn
are drawn with even chances, so that weights of children that the controller avoids are fit to be
ranked. In the end it draws some children, and the best of them
by shared weights is trained on its own, as any child of the table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import torch

from analysis.experiments.search import child
from analysis.experiments.search.controller import Plan, Policy
from analysis.experiments.search.shared import Shared
from analysis.experiments.training import TrainingConfig, learning_rate
from cnn_models.families.searched import COUNT, number_of

NAME = "enas"
QUESTION = "Do shared weights rank networks as their own training does, and what do they save?"
COLUMNS = ("kind", "seed", "step", "number", "value", "seconds")
WEIGHTS = TrainingConfig(batch_size=64, learning_rate=0.1)  # its epochs are the turns
# Smaller steps than elsewhere, since it takes more of them, and nothing that delays its choice.
CONTROLLER = Plan(batch=5, rate=0.01, entropy=0.0, power=1.0)


@dataclass(frozen=True)
class Schedule:
    """How long to search: turns of one epoch of the weights and some steps of the controller.

    `even` is the share of children whose weights learn that are drawn with even chances, not by the
    controller. `drawn` children are compared in the end. `ranked` and `timed` ones, drawn with even
    chances, are only measured: by shared weights, and by the seconds of their own training.
    """

    turns: int = 60
    steps: int = 5
    even: float = 0.5
    drawn: int = 50
    ranked: int = 200
    timed: int = 8
    weights: TrainingConfig = WEIGHTS
    controller: Plan = CONTROLLER


SCHEDULE = Schedule()


class Enas:
    """A search of one seed: `turn` after `turn`, then `choose`."""

    def __init__(self, seed: int, schedule: Schedule = SCHEDULE) -> None:
        self.shared, self.policy = Shared(seed), Policy(seed, schedule.controller)
        self.digits = child.digits_of(seed)
        self._schedule = schedule
        self._config = replace(schedule.weights, epochs=schedule.turns, seed=seed)
        self._random = np.random.default_rng(seed)
        self._order = torch.Generator().manual_seed(seed)
        self._step = 0
        self._optimiser = torch.optim.SGD(
            self.shared.parameters(),
            lr=self._config.learning_rate,
            momentum=self._config.momentum,
            weight_decay=self._config.weight_decay,
        )

    def turn(self) -> float:
        """Let both learn once, and return the mean reward of the children that were judged."""
        self._train_weights()
        rewards = [self._train_controller() for _ in range(self._schedule.steps)]
        return float(np.mean(rewards))

    def choose(self) -> int:
        """The best by shared weights of some children that the controller draws."""
        numbers = {number for number, _ in self._draw(self._schedule.drawn)}
        return max(sorted(numbers), key=self.judged)

    def judged(self, number: int) -> float:
        """The accuracy of a child with the shared weights on the judged images, 0..1."""
        return self.shared.accuracy(number, self.digits.data.test)

    def _draw(self, count: int) -> list[tuple[int, torch.Tensor]]:
        picks, _ = self.policy.sample(count)
        return [(number_of(own.tolist()), own) for own in picks]

    def _children(self, count: int) -> list[int]:
        """Whose weights learn: some drawn with even chances, the others by the controller."""
        drawn = [number for number, _ in self._draw(count)]
        even = self._random.random(count) < self._schedule.even
        others = self._random.integers(COUNT, size=count)
        return np.where(even, others, drawn).tolist()

    def _train_weights(self) -> None:
        train, size = self.digits.data.train, self._config.batch_size
        batches = torch.randperm(len(train.labels), generator=self._order).split(size)
        steps = len(train.labels) // size
        for chosen, number in zip(batches[:steps], self._children(steps), strict=True):
            self._step += 1
            for group in self._optimiser.param_groups:
                group["lr"] = learning_rate(self._config, self._step, steps)
            logits = self.shared(train.images[chosen], number)
            loss = torch.nn.functional.cross_entropy(logits, train.labels[chosen])
            self._optimiser.zero_grad()
            loss.backward()
            self._optimiser.step()

    def _train_controller(self) -> float:
        drawn = self._draw(self._schedule.controller.batch)
        rewards = torch.tensor([self.judged(number) for number, _ in drawn])
        self.policy.learn(torch.stack([own for _, own in drawn]), rewards)
        return float(rewards.mean())


def rows(seeds: Sequence[int], say: Callable[[str], None]) -> Iterator[pd.DataFrame]:
    """A table for each seed; its rows are of four kinds.

    "turn": the mean reward of a turn, and the seconds since the start. "found": the child that was
    chosen, its reward after its own training, and all seconds until then. "ranked": a child and its
    accuracy with shared weights. "timed": a child, its reward and the seconds of its training.
    Seconds are those of the processor, which leave out what else the machine does.
    """
    for seed in seeds:
        yield measured(seed)
        say(f"seed {seed}: the search with shared weights is through")


def measured(seed: int, schedule: Schedule = SCHEDULE) -> pd.DataFrame:
    """The rows of one seed."""
    started = time.process_time()
    enas = Enas(seed, schedule)
    found: list[tuple[Any, ...]] = []
    for turn in range(1, schedule.turns + 1):
        found.append(("turn", seed, turn, -1, enas.turn(), time.process_time() - started))
    number = enas.choose()
    reward = child.trained(number, seed).reward
    found.append(("found", seed, 0, number, reward, time.process_time() - started))
    others = np.random.default_rng(seed).permutation(COUNT)[: schedule.ranked].tolist()
    found += [("ranked", seed, 0, other, enas.judged(other), 0.0) for other in others]
    found += [("timed", seed, 0, *_timed(other, seed)) for other in others[: schedule.timed]]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _timed(number: int, seed: int) -> tuple[int, float, float]:
    started = time.process_time()
    reward = child.trained(number, seed).reward
    return number, reward, time.process_time() - started


def settings() -> dict[str, Any]:
    """What the card says of the search."""
    return asdict(SCHEDULE)
