"""Learning curves, ends over seeds, the scaling chart and the survival of blocks."""

from typing import Any

import plotly.graph_objects as go
import pytest

from analysis.charts import learning, scaling, survival
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.experiments.studies import stochastic
from analysis.experiments.studies.scaling import Point
from analysis.experiments.studies.spread import Spread


def traces(fig: go.Figure) -> list[Any]:
    return list(fig.data)


LINES = {
    "one": {1: Spread(0.5, 0.4, 0.7, 3), 2: Spread(0.2, 0.1, 0.3, 3)},
    "two": {1: Spread(0.6, 0.6, 0.6, 1)},
}


def test_a_run_is_a_line_in_the_band_of_its_seeds() -> None:
    looks = learning.styles({"one": "plain", "two": "residual"})
    fig = learning.curves(LINES, "test error", looks)
    band, line, *others = traces(fig)
    assert list(line.y) == [50, 20]
    assert list(band.x) == [1, 2, 2, 1]
    assert list(band.y) == pytest.approx([70, 30, 10, 40])
    assert len(others) == 2
    assert (line.line.color, others[1].line.color) == (NEUTRAL, family_colour("resnet"))


def test_runs_of_one_family_differ_in_their_line() -> None:
    looks = learning.styles({"a": "residual", "b": "wide", "c": "preact"})
    assert looks["a"].colour == looks["c"].colour != looks["b"].colour
    assert looks["a"].dash != looks["c"].dash


def test_ends_show_each_seed_and_the_mean() -> None:
    fig = learning.ends({"a": [0.1, 0.2, 0.6], "b": [0.4]}, "test error")
    drawn = traces(fig)
    assert list(drawn[1].x) == pytest.approx([10, 20, 60])
    assert drawn[2].text == ("30.0%",)
    assert list(fig.layout.yaxis.ticktext) == ["a", "b"]


def test_designs_stand_at_their_cost_and_accuracy() -> None:
    points = [
        Point("base", "nothing", 1_000_000, 0.8, 0.7, 0.85),
        Point("wide", "width and resolution", 4_000_000, 0.9, 0.9, 0.9),
    ]
    fig = scaling.against_cost(points, "multiply-adds")
    drawn = traces(fig)
    assert fig.layout.xaxis.type == "log"
    assert list(drawn[0].x) == [1_000_000]
    assert drawn[0].error_y.array[0] == pytest.approx(5)
    assert [trace.name for trace in drawn] == ["the base", "more width and resolution"]
    assert [trace.marker.symbol for trace in drawn] == ["circle", "diamond"]


def test_the_chance_of_each_block_is_a_bar() -> None:
    (bars,) = traces(survival.chances(stochastic.survival(8, 0.4)))
    assert list(bars.y) == pytest.approx([80, 60, 40])
