"""The records that ship: rebuilt for a few networks, and what they say."""

import numpy as np
import pytest
import torch

from analysis.experiments import records
from analysis.experiments.search import child, comparison, sharing, verdict
from analysis.experiments.search.comparison import Comparison
from analysis.experiments.search.sharing import Sharing
from analysis.experiments.search.strategies import STRATEGIES
from analysis.experiments.search.tabulated import Tabulated
from cnn_models.families.searched import COUNT

TOLERANCE = 0.03  # another processor rounds otherwise; nine images of three hundred


@pytest.fixture(scope="module")
def known() -> Tabulated:
    return Tabulated.from_rows(records.read("search").rows)


@pytest.fixture(scope="module")
def found() -> Comparison:
    return Comparison(records.read("strategies").rows)


@pytest.mark.parametrize("number", [6, 1098])
def test_a_row_of_the_table_can_be_made_again(known: Tabulated, number: int) -> None:
    torch.set_num_threads(1)
    again = child.trained(number, seed=0)
    assert again.reward == pytest.approx(known.rewards[number, 0], abs=TOLERANCE)
    assert again.test == pytest.approx(known.tests[number, 0], abs=TOLERANCE)


def test_the_table_has_all_networks_and_they_differ(known: Tabulated) -> None:
    assert len(known) == COUNT
    assert known.mean_tests.min() < 0.6 < 0.95 < known.mean_tests.max() <= 1
    assert np.corrcoef(known.mean_rewards, known.mean_tests)[0, 1] > 0.95


def test_a_search_of_the_comparison_can_be_made_again(known: Tabulated, found: Comparison) -> None:
    for name in ("random", "evolution"):
        again = comparison.searched(known, name, seed=7)
        place = sorted(set(found.rows["seed"])).index(7)
        for quantity in ("best", "regret", "sampled"):
            kept = found.values(name, quantity)[place]
            assert list(again[quantity]) == pytest.approx(list(kept), abs=1e-5)


def test_the_controller_learns_to_try_better_networks_than_chance(found: Comparison) -> None:
    assert found.seeds >= 20
    gain = found.difference("reinforce", "random", "sampled")
    assert gain.low[-1] > 0.05
    assert all(np.isfinite(found.course(name).high).all() for name in STRATEGIES)


def test_the_controller_beats_chance_by_its_best_networks(found: Comparison) -> None:
    assert verdict.ahead(found, "reinforce", "several").low[-1] > 0
    of_controller = verdict.sentence(found).partition("**Controller (REINFORCE)**")[2]
    assert "beats chance with its best" in of_controller


def test_shared_weights_rank_as_own_training_does(known: Tabulated, found: Comparison) -> None:
    shared = Sharing(records.read("enas").rows, known, found)
    assert len(shared.seeds) >= 3
    assert min(shared.ranking(seed).correlation for seed in shared.seeds) > 0.5
    assert "times as long" in sharing.sentence(shared)
