"""Rewards with a cost, the front, and latencies, by hand."""

from itertools import count

import numpy as np
import pandas as pd
import pytest

import cnn_models
from analysis.experiments.search import latency, priced, reward
from analysis.experiments.search.reward import Found
from analysis.experiments.search.tabulated import Tabulated
from analysis.structure import graph
from analysis.vision.timing import Plan
from cnn_models.families.searched import key_of


def test_the_reward_is_mnasnets() -> None:
    assert reward.with_cost(0.9, 70, 70, -0.07) == pytest.approx(0.9)
    assert reward.with_cost(0.9, 70, 35, 0) == 0.9
    # Tan et al., section 3: doubling the latency for 5% more accuracy is worth the same.
    twice = reward.with_cost(0.5 * 1.05, 160, 80, -0.07)
    assert twice == pytest.approx(reward.with_cost(0.5, 80, 80, -0.07), rel=1e-3)


def test_costs_are_those_of_the_networks() -> None:
    for name, quantity in (("multiply_adds", "macs"), ("parameters", "params")):
        found = reward.costs(name)
        for number in (0, 1234, 2047):
            model = cnn_models.build(key_of(number), num_classes=10)
            totals = graph.trace(model, (3, 8, 8)).totals()
            assert found[number] == getattr(totals, quantity)
    with pytest.raises(KeyError):
        reward.costs("money")


def test_no_network_beats_one_on_the_front(table: Tabulated) -> None:
    cost = reward.costs("multiply_adds")
    members = reward.front(table, cost)
    gains = table.mean_tests
    for number in range(0, 2048, 7):
        as_cheap, as_good = cost <= cost[number], gains >= gains[number]
        better = as_cheap & as_good & ((cost < cost[number]) | (gains > gains[number]))
        assert (number in members) == (not better.any())
    assert table.best in members


def test_a_weight_makes_searches_find_smaller_networks(table: Tabulated) -> None:
    cost = reward.costs("parameters")
    free, dear = (
        [cost[reward.searched(table, cost, weight, seed, "evolution", 200)] for seed in range(4)]
        for weight in (0.0, -0.5)
    )
    assert np.mean(dear) < 0.5 * np.mean(free)


def test_what_was_recorded_is_read_by_weight(table: Tabulated) -> None:
    cost = reward.costs("parameters")
    rows = pd.DataFrame(
        [("parameters", -0.5, 0, 3), ("parameters", 0.0, 0, 2000), ("latency", 0.0, 0, 9)],
        columns=list(priced.COLUMNS),
    )
    found = priced.found(rows, table, "parameters", cost)
    assert list(found) == [0.0, -0.5]
    assert found[-0.5] == [Found(3, table.mean_tests[3], cost[3])]
    with pytest.raises(KeyError, match="multiply_adds"):
        priced.found(rows, table, "multiply_adds", cost)


def test_the_sentence_quotes_the_front_and_the_searches(table: Tabulated) -> None:
    cost = reward.costs("parameters")
    found = {-0.07: [Found(1, 0.9, 1200.0), Found(2, 0.7, 1500.0), Found(3, 0.8, 1300.0)]}
    said = reward.sentence(table, "parameters", cost, found)
    assert f"{len(reward.front(table, cost))} networks of 2,048 are on the front" in said
    assert said.endswith("in the middle of 3: 80.0% with 1.3 k parameters with a weight of −0.07.")


def test_latencies_are_medians_of_the_clock() -> None:
    ticks = count()
    found = latency.measured([3, 2000], Plan(warm_up=1, least=3, most=3), lambda: next(ticks) / 1e3)
    assert list(found) == [3, 2000]
    assert len(set(found.values())) == 1  # each pass lasts as many ticks
    assert min(found.values()) >= 1


def test_of_several_rounds_the_median_counts() -> None:
    rows = pd.DataFrame(
        [(n, s, ms) for s, own in enumerate(((1, 5), (9, 6), (2, 4))) for n, ms in enumerate(own)],
        columns=list(latency.COLUMNS),
    )
    assert latency.of_each(rows).tolist() == [2, 5]
