"""Charts of searches: each shows what it is given."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis.charts import search
from analysis.experiments.search.comparison import COLUMNS, Comparison
from analysis.experiments.search.reward import Found
from analysis.experiments.search.sharing import Ranking
from analysis.experiments.search.strategies import STRATEGIES, TITLES
from analysis.experiments.search.watched import Seen
from cnn_models.families.searched import number_of


def traces(fig: go.Figure) -> dict[str, Any]:
    drawn: list[Any] = list(fig.data)
    return {trace.name: trace for trace in drawn if trace.name}


def test_rewards_have_the_best_so_far_and_the_baseline() -> None:
    seen = [Seen(7, 0.5), Seen(9, 0.4, baseline=0.5), Seen(3, 0.8, baseline=0.45)]
    found = traces(search.rewards(seen, 10, at=1))
    assert list(found["reward of a network"].y) == pytest.approx([50, 40, 80])
    assert list(found["reward of a network"].customdata) == [
        "searched_7",
        "searched_9",
        "searched_3",
    ]
    assert list(found["best so far"].y) == pytest.approx([50, 50, 80])
    assert list(found["baseline"].y) == [None, 50, 45]
    assert (found["shown below"].x, found["shown below"].y) == ((2,), (40,))


def test_nothing_tried_is_an_empty_chart() -> None:
    found = traces(search.rewards([], 10))
    assert not any(len(trace.y) for trace in found.values())


def test_chances_fill_a_bar_for_each_decision_and_tick_what_was_drawn() -> None:
    number = number_of((1, 0, *(0,) * 9))  # 16 filters, all else the first option
    seen = Seen(number, 0.9, ((0.25, 0.75), (0.95, 0.05), *((0.5, 0.5),) * 9))
    first, second = list[Any](search.chances(seen).data)
    assert list(first.x[:2]) == pytest.approx([25, 95])
    assert list(second.x[:2]) == pytest.approx([75, 5])
    assert list(first.text[:2]) == ["4", "<b>✓ 3×3</b>"]
    assert list(second.text[:2]) == ["<b>✓ 16</b>", ""]


def comparison() -> Comparison:
    rows = [
        (name, seed, step, 0.9, (place + seed) / step, 0.5 + place / 10, 0.9)
        for place, name in enumerate(STRATEGIES)
        for seed in (0, 1, 2)
        for step in (1, 2, 5, 10, 20)
    ]
    return Comparison(pd.DataFrame(rows, columns=list(COLUMNS)))


def test_each_strategy_has_its_line() -> None:
    found = traces(search.regret(comparison()))
    assert list(found) == [TITLES[name] for name in STRATEGIES]
    assert list(found["random search"].y) == pytest.approx([100, 50, 20, 10, 5])
    tried = traces(search.sampled(comparison()))
    assert set(tried["evolution"].y) == {60}


def test_the_front_and_what_was_found_stand_at_their_costs() -> None:
    accuracies, costs = np.array([0.5, 0.9, 0.8]), np.array([10.0, 1000.0, 1000.0])
    fig = search.front(accuracies, costs, [0, 1], "parameters", {-0.2: [Found(2, 0.8, 1000.0)]})
    found = traces(fig)
    assert list(found["front"].x) == [10, 1000]
    assert list(found["front"].customdata) == [0, 1]
    assert list(found["found, weight −0.2"].y) == [80]
    assert fig.layout.xaxis.type == "log"


def test_what_is_far_below_the_front_is_left_out_and_counted() -> None:
    accuracies, costs = np.array([0.8, 0.9, 0.4, 0.69]), np.array([10.0, 20.0, 30.0, 40.0])
    fig = search.front(accuracies, costs, [0, 1], "parameters")
    assert fig.layout.yaxis.range == (70, 101)
    assert [note.text for note in fig.layout.annotations] == ["2 networks below 70%"]
    whole = search.front(accuracies[:2], costs[:2], [0, 1], "parameters")
    assert not whole.layout.annotations


def test_shared_weights_stand_against_own_training() -> None:
    ranking = Ranking(np.array([4, 2]), np.array([0.3, 0.5]), np.array([0.9, 0.95]), 1.0)
    (dots,) = list[Any](search.shared_against_true(ranking).data)
    assert (list(dots.x), list(dots.y)) == ([90, 95], [30, 50])
