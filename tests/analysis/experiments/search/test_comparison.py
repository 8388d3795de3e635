"""The comparison: what a search leaves behind, and what its intervals say."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.experiments.search import comparison, verdict
from analysis.experiments.search.comparison import Comparison
from analysis.experiments.search.strategies import STRATEGIES, search
from analysis.experiments.search.tabulated import Tabulated


def rows(ends: dict[str, list[float]]) -> pd.DataFrame:
    """Two steps of each strategy, whose regret ends as given for each seed."""
    return pd.DataFrame(
        [
            (name, seed, step, 0.9, end + (0.1 if step == 1 else 0), 0.5 + step / 1000, 1 - end)
            for name, found in ends.items()
            for seed, end in enumerate(found)
            for step in (1, 300)
        ],
        columns=list(comparison.COLUMNS),
    )


ENDS = {
    "random": [0.030, 0.020, 0.040, 0.050],
    "evolution": [0.033, 0.018, 0.041, 0.046],
    "reinforce": [0.011, 0.002, 0.019, 0.032],
}


def test_what_is_noted_is_what_the_search_did(table: Tabulated) -> None:
    found = comparison.searched(table, "random", 5, steps=(1, 4, 10))
    tried = search(STRATEGIES["random"](5), table.oracle(5), 10)
    rewards = [one.reward for one in tried]
    assert list(found["best"]) == [max(rewards[:end]) for end in (1, 4, 10)]
    assert list(found["regret"]) == pytest.approx(table.regret(tried)[[0, 3, 9]])
    assert list(found["sampled"]) == pytest.approx(
        [rewards[0], np.mean(rewards[1:4]), np.mean(rewards[4:])]
    )
    assert tuple(found.columns) == comparison.COLUMNS


def test_of_several_each_network_counts_once(table: Tabulated) -> None:
    found = comparison.searched(table, "random", 5, steps=(2,))
    tried = search(STRATEGIES["random"](5), table.oracle(5), 2)
    assert list(found["several"]) == [table.mean_tests[[one.number for one in tried]].mean()]
    assert table.of_best(tried * 3, 2) == found["several"][0]
    best = max(tried, key=lambda one: one.reward)
    assert table.of_best(tried * 3, 1) == table.mean_tests[best.number]


def test_intervals_are_students() -> None:
    found = Comparison(rows(ENDS))
    mean, low, high = (part[-1] for part in found.difference("random", "reinforce"))
    apart = np.subtract(ENDS["random"], ENDS["reinforce"])
    expected = stats.ttest_1samp(apart, 0).confidence_interval(0.95)
    assert (mean, low, high) == pytest.approx((apart.mean(), expected.low, expected.high))
    assert (found.steps, found.seeds) == ((1, 300), 4)


def test_the_sentence_says_who_wins_and_what_is_open() -> None:
    said = verdict.sentence(Comparison(rows(ENDS)))
    apart = np.subtract(ENDS["random"], ENDS["reinforce"]) * 100
    low, high = stats.ttest_1samp(apart, 0).confidence_interval(0.95)
    ahead = f"({apart.mean():.2f} points, {low:.2f} to {high:.2f})"
    both = f"its best network {ahead} and its best 15 {ahead}."
    assert f"**Controller (REINFORCE)** beats chance with {both}" in said
    assert "**Evolution** is not decidedly ahead or behind with its best network (0.05" in said
    assert "50.1% at first and 80.0% in the end" in said


def test_the_sentence_says_who_loses() -> None:
    swapped = {"random": ENDS["reinforce"], "evolution": ENDS["random"]}
    said = verdict.sentence(Comparison(rows({**swapped, "reinforce": ENDS["evolution"]})))
    assert said.count("loses to chance with its best network") == 2
    assert "beats" not in said


def test_the_table_has_an_interval_for_each_measure() -> None:
    found = verdict.table(Comparison(rows(ENDS))).set_index("strategy")
    assert list(found.index) == ["Random search", "Evolution", "Controller (REINFORCE)"]
    assert found.loc["Random search", "behind the best"].startswith("3.50 (")
    assert found.loc["Random search", "ahead: best network"] == ""
    assert found.loc["Controller (REINFORCE)", "ahead: best network"].startswith("1.90 (")
    assert found.loc["Controller (REINFORCE)", "ahead: what it tries"] == "0.00 (0.00 to 0.00)"


def test_a_strategy_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="annealing"):
        Comparison(rows(ENDS)).course("annealing")
