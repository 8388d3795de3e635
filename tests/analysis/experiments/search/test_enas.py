"""Searches with shared weights, small, and what the record says of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from analysis.experiments.search import comparison, enas, sharing
from analysis.experiments.search.comparison import Comparison
from analysis.experiments.search.controller import Plan
from analysis.experiments.search.sharing import Sharing
from analysis.experiments.search.tabulated import Tabulated

SMALL = replace(enas.SCHEDULE, turns=2, steps=1, drawn=4, ranked=3, timed=1)


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    torch.set_num_threads(1)
    return enas.measured(0, SMALL)


def test_a_search_leaves_rows_of_four_kinds(measured: pd.DataFrame) -> None:
    kinds = measured.groupby("kind").size().to_dict()
    assert kinds == {"turn": 2, "found": 1, "ranked": 3, "timed": 1}
    assert tuple(measured.columns) == enas.COLUMNS
    assert measured["value"].between(0, 1).all()
    first, second, found = measured["seconds"].to_numpy()[:3]
    assert 0 < first < second < found


def test_the_same_seed_finds_the_same(measured: pd.DataFrame) -> None:
    again = enas.Enas(0, SMALL)
    turns = [again.turn(), again.turn()]
    assert list(measured["value"][:2]) == pytest.approx(turns, abs=1e-6)
    assert again.choose() == measured[measured["kind"] == "found"]["number"].item()


def test_both_learn_in_a_turn() -> None:
    search = enas.Enas(1, replace(SMALL, controller=Plan(batch=2)))
    weights = [own.clone() for own in search.shared.parameters()]
    scores = search.policy.controller.score.clone()
    search.turn()
    assert not all(
        torch.equal(a, b) for a, b in zip(weights, search.shared.parameters(), strict=True)
    )
    search.turn()  # the first batch is held against its own mean and may leave the scores
    assert not torch.equal(scores, search.policy.controller.score)


def record(reward: float) -> pd.DataFrame:
    """Five networks in the true order of the table but for the last two, of one seed."""
    ranked = [("ranked", 0, 0, number, value, 0.0) for number, value in enumerate((1, 2, 3, 5, 4))]
    others = [("found", 0, 0, 3, reward, 20.0), ("timed", 0, 0, 7, 0.5, 2.0)]
    others += [("timed", 0, 0, 8, 0.5, 4.0)]
    return pd.DataFrame(ranked + others, columns=list(enas.COLUMNS))


KNOWN = Tabulated(*(np.array([[0.1], [0.2], [0.3], [0.4], [0.5]]) for _ in range(3)))
BEST = ((0.5, 0.7, 0.9), (0.8, 0.8, 0.8), (0.4, 0.6, 0.7))  # after 10, 20 and 100 networks
COMPARISON = Comparison(
    pd.DataFrame(
        [
            ("reinforce", seed, step, best, 0.0, 0.0, best)
            for seed, own in enumerate(BEST)
            for step, best in zip((10, 20, 100), own, strict=True)
        ],
        columns=list(comparison.COLUMNS),
    )
)


def test_ranks_and_seconds_are_compared() -> None:
    found = Sharing(record(0.65), KNOWN, COMPARISON)
    assert found.ranking(0).correlation == pytest.approx(1 - 6 * 2 / (5 * 24))  # Spearman, by hand
    saving = found.saving(0)
    assert (saving.children, saving.child_seconds) == (20, 3)  # after 20, 10 and 100 networks
    assert (saving.alone_seconds, saving.times) == (60, 3)
    said = sharing.sentence(found)
    assert "tries 20 of them until it has the same reward" in said
    assert "3 times as long" in said
    assert "10.00 points of test accuracy behind" in said


def test_a_reward_that_is_never_reached_is_said() -> None:
    found = Sharing(record(0.85), KNOWN, COMPARISON)
    assert found.saving(0).times == np.inf
    assert "does not come to the same reward within 100 of them" in sharing.sentence(found)
