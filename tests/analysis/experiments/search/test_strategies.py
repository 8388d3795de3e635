"""What all strategies have in common, and what evolution does to its networks."""

import numpy as np
import pytest

from analysis.experiments.search.at_random import AtRandom
from analysis.experiments.search.evolution import Evolution, Plan
from analysis.experiments.search.strategies import STRATEGIES, TITLES, search
from cnn_models.families.searched import COUNT, picks_of


def ones(number: int) -> float:
    """The share of decisions that took their second option."""
    return float(np.mean(picks_of(number)))


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_search_tries_as_many_as_it_may_and_repeats(name: str) -> None:
    first = search(STRATEGIES[name](3), ones, 45)
    assert len(first) == 45
    assert all(0 <= one.number < COUNT and one.reward == ones(one.number) for one in first)
    assert search(STRATEGIES[name](3), ones, 45) == first
    assert search(STRATEGIES[name](4), ones, 45) != first
    assert TITLES[name]


@pytest.mark.parametrize("name", ["evolution", "reinforce"])
def test_a_strategy_that_learns_ends_above_chance(name: str) -> None:
    tried = search(STRATEGIES[name](0), ones, 300)
    assert np.mean([one.reward for one in tried[-50:]]) > 0.7  # chance gives 0.5


def test_random_search_comes_to_every_network_once() -> None:
    strategy = AtRandom(0, 8)
    assert sorted(strategy.ask() for _ in range(8)) == list(range(8))
    assert 0 <= strategy.ask() < 8


def test_a_child_differs_from_a_living_network_in_one_decision() -> None:
    strategy = Evolution(0, Plan(alive=3, compared=3))
    alive = [0, 0b111, 0b11111]
    for number, reward in zip(alive, (0.1, 0.9, 0.5), strict=True):
        strategy.tell(number, reward)
    children = [strategy.ask() for _ in range(20)]
    assert all((child ^ alive[1]).bit_count() == 1 for child in children)  # all are compared


def test_the_oldest_dies_even_if_it_is_the_best() -> None:
    strategy = Evolution(0, Plan(alive=2, compared=2))
    for number, reward in ((0, 1.0), (0b11111111111, 0.1), (0b11111111111, 0.2)):
        strategy.tell(number, reward)
    assert all(strategy.ask().bit_count() == 10 for _ in range(10))


def test_a_decision_without_a_choice_stays() -> None:
    strategy = Evolution(0, Plan(alive=1, compared=1), counts=(1, 3))
    strategy.tell(0, 1.0)
    assert {strategy.ask() for _ in range(30)} == {1, 2}
