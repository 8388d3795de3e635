"""Figures of receptive fields: what is drawn, and where."""

from typing import Any

import numpy as np

from analysis.charts import cone as drawing
from analysis.charts import field_growth as growth_chart
from analysis.charts import window as window_chart
from analysis.structure import described
from analysis.structure.cone import cone
from analysis.structure.field_growth import growth
from analysis.structure.stack import CONVOLUTION, Layer, Repeated, recurrence
from analysis.structure.window_on_input import Window


def traces(figure: Any) -> list[Any]:
    return list(figure.data)


def test_three_3x3_are_a_pyramid_of_1_3_5_7_cells() -> None:
    rows = recurrence(Repeated(3, 3).layers, 13)
    figure = drawing.cells(cone(rows, 13), margin=2)
    seen, unseen, *_ = traces(figure)
    assert [list(seen.y).count(height) for height in (3, 2, 1, 0)] == [1, 3, 5, 7]
    assert [list(unseen.y).count(height) for height in (3, 2, 1, 0)] == [10, 8, 6, 4]
    middles = [b + w / 2 for b, w, y in zip(seen.base, seen.x, seen.y, strict=True) if y == 0]
    np.testing.assert_allclose(middles, range(3, 10))


def test_dilation_leaves_gaps_in_the_cone() -> None:
    rows = recurrence([Layer(CONVOLUTION, 3, dilation=2)], 9)
    seen = traces(drawing.cells(cone(rows, 9)))[0]
    middles = [b + w / 2 for b, w, y in zip(seen.base, seen.x, seen.y, strict=True) if y == 0]
    np.testing.assert_allclose(middles, [2, 4, 6])


def test_a_short_cone_is_stretched_to_stand_beside_a_tall_one() -> None:
    short = drawing.cells(cone(recurrence(Repeated(1, 7).layers, 13), 13), tall=4)
    assert set(traces(short)[0].y) == {0, 3}


def test_cones_with_too_many_cells_are_not_drawn() -> None:
    assert drawing.can_be_drawn(recurrence(Repeated(3, 3).layers, 13))
    assert not drawing.can_be_drawn(recurrence(Repeated(20, 15).layers, 301))
    assert not drawing.can_be_drawn(recurrence(Repeated(1, 303).layers, 303))
    assert not drawing.can_be_drawn(())


def test_the_depth_chart_has_a_marker_for_each_point_and_an_edge_for_each_input() -> None:
    points = growth(described.traced("googlenet"))
    edges, markers, chosen = traces(growth_chart.along_the_depth(points, "#000", 224, "stem.pool2"))
    assert len(markers.x) == len(points)
    assert list(edges.x).count(None) == sum(len(point.inputs) for point in points)
    assert (list(chosen.x), list(chosen.y)) == ([5], [27])


def test_the_number_of_a_window_as_wide_as_the_image_stands_below_the_image_line() -> None:
    points = growth(described.traced("lenet5"))
    chosen = traces(growth_chart.along_the_depth(points, "#000", 32, "c5"))[-1]
    assert chosen.textposition == "bottom left"


def test_the_bars_of_a_stack_are_its_fields() -> None:
    bars = traces(growth_chart.of_rows(recurrence(Repeated(3, 3).layers, 13), 13))[0]
    assert list(bars.y) == [3, 5, 7]


def test_the_window_is_drawn_as_it_is_and_as_it_lies_on_the_image() -> None:
    window = Window((-6, 2), (10, 18), (32, 32))
    figure = window_chart.on_picture(np.zeros((32, 32, 3), dtype=np.uint8), window)
    whole, inside = traces(figure)
    assert (min(whole.y), max(whole.y), min(whole.x), max(whole.x)) == (-6, 10, 2, 18)
    assert (min(inside.y), max(inside.y)) == (0, 10)
    low, high = sorted(figure.layout.yaxis.range)  # pyright: ignore[reportAttributeAccessIssue]
    assert low < -6
    assert high > 32
    assert len(traces(window_chart.on_picture(np.zeros((8, 8, 3), np.uint8), window.clipped))) == 1


def test_a_measured_field_is_shown_with_what_is_around_it() -> None:
    window = Window((-6, 20), (10, 28), (32, 32))
    assert window.surroundings == Window((0, 18), (12, 30), (32, 32))  # 10 // 4 and 8 // 4
    figure = window_chart.near(np.zeros((12, 12, 3), dtype=np.uint8), window)
    (image,) = figure.layout.images  # pyright: ignore[reportAttributeAccessIssue]
    assert (image.x, image.y, image.sizex, image.sizey) == (18, 0, 12, 12)
    (inside,) = traces(figure)
    assert (min(inside.y), max(inside.y), min(inside.x), max(inside.x)) == (0, 10, 20, 28)


def test_cells_too_narrow_for_gaps_are_drawn_as_runs() -> None:
    rows = recurrence([Layer(CONVOLUTION, 3, padding=40, dilation=40)], 101)
    seen = traces(drawing.cells(cone(rows, 101)))[0]
    base = [(b, w) for b, w, y in zip(seen.base, seen.x, seen.y, strict=True) if y == 0]
    np.testing.assert_allclose(base, [(9.54, 0.92), (49.54, 0.92), (89.54, 0.92)])
    solid = traces(drawing.cells(cone(recurrence(Repeated(1, 81).layers, 101), 101)))[0]
    assert list(solid.customdata) == ["position 50", "positions 10 to 90"]


def test_a_value_that_sees_nothing_but_padding_is_drawn() -> None:
    rows = recurrence([Layer(CONVOLUTION, 1, padding=10, padding_after=0)], 4)
    figure = drawing.cells(cone(rows, 4))
    assert list(traces(figure)[0].y) == [1]
