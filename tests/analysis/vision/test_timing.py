"""Statistics of repeated work, under a clock that the test winds."""

from collections.abc import Callable, Iterator

import pytest

from analysis.vision.timing import Plan, Spread, in_turn


class Clock:
    """Stands still until somebody works."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def taking(self, seconds: Iterator[float], done: list[str], name: str) -> Callable[[], None]:
        def work() -> None:
            self.now += next(seconds)
            done.append(name)

        return work


def test_warm_up_does_not_count_and_works_take_turns() -> None:
    clock, done = Clock(), list[str]()
    works = [
        clock.taking(iter([9.0, 9.0, 1.0, 2.0, 3.0]), done, "a"),
        clock.taking(iter([8.0, 8.0, 5.0, 4.0, 6.0]), done, "b"),
    ]
    spreads = in_turn(works, clock, Plan(warm_up=2, least=3, most=3, budget=1e9))
    assert [spread.seconds for spread in spreads] == [(1, 2, 3), (5, 4, 6)]
    assert "".join(done) == "aabbababab"


@pytest.mark.parametrize(
    ("each", "runs"),
    [(0.01, 30), (1.0, 4), (0.5, 8), (100.0, 3)],  # the most; the budget; the least
)
def test_it_ends_with_the_budget_or_the_most_but_not_before_the_least(
    each: float, runs: int
) -> None:
    clock = Clock()
    work = clock.taking(iter([each] * 100), [], "a")
    (spread,) = in_turn([work], clock, Plan(warm_up=0, least=3, most=30, budget=4.0))
    assert len(spread.seconds) == runs


def test_the_budget_is_for_each_work() -> None:
    clock = Clock()
    works = [clock.taking(iter([1.0] * 100), [], "a") for _ in range(3)]
    spreads = in_turn(works, clock, Plan(warm_up=0, least=1, most=30, budget=4.0))
    assert {len(spread.seconds) for spread in spreads} == {4}


def test_progress_goes_from_nothing_to_less_than_all() -> None:
    clock, told = Clock(), list[float]()
    work = clock.taking(iter([1.0] * 100), [], "a")
    in_turn([work], clock, Plan(warm_up=0, least=1, most=30, budget=4.0), told.append)
    assert told[0] == 0
    assert told == sorted(told)
    assert max(told) < 1


def test_the_middle_and_the_quarters_of_a_spread() -> None:
    spread = Spread((5.0, 1.0, 3.0, 2.0, 4.0))
    assert spread.median == 3
    assert spread.quartiles == (2, 4)
    assert Spread((7.0,)).quartiles == (7, 7)


def test_one_slow_pass_does_not_move_the_median() -> None:
    assert Spread((1.0, 1.1, 0.9, 1.0, 60.0)).median == 1.0
