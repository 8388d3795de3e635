from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.charts import grading
from analysis.charts.palette import NEUTRAL

ROWS = pd.DataFrame(
    [
        ("a", "saliency", 0.3, 0.25, 0.4, 9),
        ("a", "grad_cam", 0.9, 0.8, 1.0, 9),
        ("a", "edges", 0.5, 0.4, 0.6, 9),
        ("b", "saliency", 0.5, 0.4, 0.6, 9),
        ("b", "edges", 0.6, 0.5, 0.7, 9),
    ],
    columns=["network", "method", "mean", "low", "high", "n"],
)
NAMES, COLOURS = {"a": "Net A", "b": "Net B"}, {"a": "#111111", "b": "#222222"}


def labels(fig):
    return list(fig.layout.yaxis.ticktext)


def test_the_best_is_on_top_and_controls_are_in_italics():
    fig = grading.dots(ROWS, "x", NAMES, COLOURS, {"a": 0.2, "b": 0.2})
    assert labels(fig) == ["Grad-CAM", "<i>Edges of the picture</i>", "Saliency"]
    less = grading.dots(ROWS, "x", NAMES, COLOURS, {}, more_is_better=False)
    assert labels(less) == ["Saliency", "<i>Edges of the picture</i>", "Grad-CAM"]


def test_a_dot_stands_at_its_mean_with_its_interval():
    fig = grading.dots(ROWS, "x", NAMES, COLOURS, {})
    first, second = traces = fig.to_dict()["data"]
    assert list(first["x"]) == pytest.approx([30, 90, 50])
    assert list(first["error_x"]["array"]) == pytest.approx([10, 10, 10])
    assert list(first["error_x"]["arrayminus"]) == pytest.approx([5, 10, 10])
    assert [trace["name"] for trace in traces] == ["Net A", "Net B"]
    assert first["marker"]["symbol"] != second["marker"]["symbol"]


@pytest.mark.parametrize(
    ("chances", "lines"),
    [
        ({"a": 0.20, "b": 0.21}, [(NEUTRAL, 20.5)]),
        ({"a": 0.2, "b": 0.5}, [("#111111", 20), ("#222222", 50)]),
        ({}, []),
    ],
)
def test_chance_is_one_line_unless_it_differs(chances, lines):
    fig = grading.dots(ROWS, "x", NAMES, COLOURS, chances)
    shapes = fig.to_dict()["layout"].get("shapes", [])
    drawn = [(shape["line"]["color"], shape["x0"]) for shape in shapes]
    assert [colour for colour, _ in drawn] == [colour for colour, _ in lines]
    assert [x for _, x in drawn] == pytest.approx([x for _, x in lines])


def test_curves_are_in_percent_and_a_method_keeps_its_colour():
    shares, heights = np.array([0, 0.5, 1]), {"saliency": np.array([0, 0.8, 1])}
    fig = grading.curve(shares, {**heights, "edges": shares}, "Pixels put in, %")
    traces: Any = list(fig.select_traces())
    first, second = traces
    assert list(first["y"]) == [0, 80, 100]
    assert second["line"]["color"] == NEUTRAL
    rows = pd.DataFrame([("saliency", 0, 1.0), ("saliency", 39, 0.2)])
    fallen = grading.falling(rows.set_axis(["method", "layers", "mean"], axis=1), 39)
    lines: Any = list(fallen.select_traces())
    (line,) = lines
    assert list(line["y"]) == [100, 20]
    assert line["line"]["color"] == first["line"]["color"]
