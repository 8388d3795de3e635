"""How long something takes: repeated, with the middle and the spread, never a single run."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Plan:
    """How often to repeat.

    `warm_up` runs do not count; then it runs `most` times or until `budget` seconds are spent, but
    at least `least` times.
    """

    warm_up: int = 2
    least: int = 5
    most: int = 30
    budget: float = 4.0


PLAN = Plan()


@dataclass(frozen=True)
class Spread:
    """Seconds of each run that counts, in the order of the runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """A quarter of the runs was faster than the first, a quarter slower than the second."""
        if len(self.seconds) < 2:
            return self.median, self.median
        first, _, third = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return first, third


def in_turn(
    works: Sequence[Callable[[], None]],
    clock: Clock,
    plan: Plan = PLAN,
    progress: Progress | None = None,
) -> list[Spread]:
    """Run several works in turn, each of which returns when it is done.

    In turn and not one after the other, so that what else the machine does slows all of them. The
    budget is for each work. `progress` is called after each round with the share of the budget or
    of the runs that is spent, from 0 to 1.
    """
    for work in works:
        for _ in range(plan.warm_up):
            work()
    rounds: list[list[float]] = []
    while (done := _share(rounds, plan)) < 1:
        if progress is not None:
            progress(done)
        rounds.append([_seconds(work, clock) for work in works])
    return [Spread(seconds) for seconds in zip(*rounds, strict=True)]


def _share(rounds: Sequence[Sequence[float]], plan: Plan) -> float:
    if len(rounds) < plan.least:
        return len(rounds) / plan.most
    spent = sum(map(sum, rounds)) / (plan.budget * max(1, len(rounds[0])))
    return max(spent, len(rounds) / plan.most)


def _seconds(work: Callable[[], None], clock: Clock) -> float:
    start = clock()
    work()
    return clock() - start
