"""Means, ranges and comparisons over seeds, against sums by hand."""

import pandas as pd
import pytest

from analysis.experiments.studies import spread

ROWS = pd.DataFrame(
    [
        (run, seed, epoch, error, error / 2, 1_500, 2_000_000)
        for run, seed, epoch, error in (
            ("a", 0, 1, 0.9),
            ("a", 0, 2, 0.10),
            ("a", 1, 1, 0.8),
            ("a", 1, 2, 0.20),
            ("b", 0, 1, 0.7),
            ("b", 0, 2, 0.30),
            ("b", 1, 1, 0.6),
            ("b", 1, 2, 0.15),
        )
    ],
    columns=[
        "run",
        "seed",
        "epoch",
        "train_error",
        "test_error",
        "parameters",
        "multiply_adds",
    ],
)


def test_a_spread_is_that_of_the_last_epochs() -> None:
    found = spread.spread(ROWS, "a", "train_error")
    assert found == pytest.approx((0.15, 0.10, 0.20, 2))
    assert str(found) == "15.0% (10.0% to 20.0%)"
    with pytest.raises(KeyError):
        spread.spread(ROWS, "c", "train_error")


def test_the_course_has_a_spread_for_each_epoch() -> None:
    line = spread.by_epoch(ROWS, "b", "train_error")
    assert list(line) == [1, 2]
    assert line[1] == pytest.approx((0.65, 0.6, 0.7, 2))


def test_runs_that_take_turns_decide_nothing() -> None:
    assert spread.wins(ROWS, "a", "b", "train_error") == (1, 2)
    said = spread.compared(ROWS, "a", "b", "train_error")
    assert said.endswith("lower with b in 1, so these runs do not decide it.")


def test_a_run_that_wins_every_seed_is_named() -> None:
    rows = ROWS.query("seed == 0")
    assert "lower with a in all 1 seeds" in spread.compared(rows, "b", "a", "test_error")
    assert spread.best(rows) == "a"


def test_costs() -> None:
    assert spread.amount(ROWS, "a", "parameters") == 1500
    assert spread.cost(ROWS, "b") == "1.5 k parameters and 2 M multiply-adds"
