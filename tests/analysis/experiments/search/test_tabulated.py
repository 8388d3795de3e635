"""The table, its rewards and its regret, by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.search.strategies import Tried
from analysis.experiments.search.tabulated import Tabulated

ROWS = pd.DataFrame(
    [
        (0, 0, 0.70, 0.60, 2.0),
        (1, 0, 0.90, 0.80, 1.0),
        (2, 0, 0.80, 0.90, 1.0),
        (2, 1, 0.60, 0.94, 1.0),
        (1, 1, 0.70, 0.82, 3.0),
        (0, 1, 0.74, 0.62, 4.0),
    ],
    columns=["number", "seed", "reward", "test", "seconds"],
)
TABLE = Tabulated.from_rows(ROWS)


def test_means_are_over_the_seeds() -> None:
    assert TABLE.mean_rewards == pytest.approx([0.72, 0.80, 0.70])
    assert TABLE.mean_tests == pytest.approx([0.61, 0.81, 0.92])
    assert TABLE.best == 2
    assert TABLE.seconds.tolist() == [[2, 4], [1, 3], [1, 1]]


def test_regret_is_of_the_network_with_the_best_reward_so_far() -> None:
    tried = [Tried(0, 0.70), Tried(2, 0.80), Tried(1, 0.80), Tried(1, 0.90), Tried(2, 0.60)]
    assert TABLE.best_so_far(tried).tolist() == [0, 2, 2, 1, 1]
    assert TABLE.regret(tried) == pytest.approx([0.31, 0, 0, 0.11, 0.11])


def test_nothing_tried_has_no_regret() -> None:
    assert TABLE.regret([]).shape == (0,)


def test_a_reward_is_that_of_a_seed_that_is_drawn() -> None:
    reward, again = TABLE.oracle(0), TABLE.oracle(0)
    drawn = [reward(1) for _ in range(50)]
    assert drawn == [again(1) for _ in range(50)]
    assert set(drawn) == {0.70, 0.90}
    assert 10 < drawn.count(0.70) < 40


@pytest.mark.parametrize("missing", [0, 3])
def test_a_table_with_holes_is_refused(missing: int) -> None:
    with pytest.raises(ValueError, match="every network"):
        Tabulated.from_rows(ROWS.drop(index=missing))
    with pytest.raises(ValueError, match="every network"):
        Tabulated.from_rows(ROWS.query("number != 0"))


def test_the_best_of_a_whole_table_has_no_regret(table: Tabulated) -> None:
    assert table.regret([Tried(table.best, 1.0)]) == pytest.approx([0])
    every = [Tried(number, float(table.mean_tests[number])) for number in range(len(table))]
    regret = table.regret(every)
    assert np.all(np.diff(regret) <= 0)
    assert regret[-1] == 0
