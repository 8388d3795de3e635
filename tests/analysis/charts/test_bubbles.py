from typing import Any

import pandas as pd
import pytest

from analysis.charts import log_axis
from analysis.charts.bubble_view import View, front_of
from analysis.charts.bubbles import bubbles
from analysis.charts.bubbles_notice import area, notice
from analysis.charts.names import short_names
from analysis.charts.palette import family_colour
from analysis.structure import accuracy, landscape
from analysis.structure.relatives import FAMILY_NAMES


def traces(figure: Any) -> list[Any]:
    return list(figure.data)


def networks(figure: Any) -> Any:
    return next(trace for trace in traces(figure) if trace.customdata is not None)


def rows_of(size: str, height: str, basis: str = accuracy.PUBLIC) -> pd.DataFrame:
    return landscape.shown(landscape.table(size, height, basis))


def layout(figure: Any) -> Any:
    """The figure's layout; Plotly's own types do not say what it holds."""
    return figure.layout


def view_of(rows: pd.DataFrame, **more: Any) -> View:
    return View("Height", "parameters", rows, **more)


@pytest.mark.parametrize("size", landscape.SIZES)
def test_one_bubble_a_network_with_its_key_colour_and_protocol(size: str) -> None:
    for height in landscape.heights(size):
        rows = rows_of(size, height, accuracy.PAPER)
        trace = networks(bubbles(rows, view_of(rows)))
        told = dict(trace.customdata)
        assert set(told) == set(rows.index)
        for place, (key, text) in enumerate(trace.customdata):
            assert trace.x[place] == rows.loc[key, "multiply-adds"]
            assert trace.marker.color[place] == family_colour(str(rows.loc[key, "family"]))
            if height != landscape.PARAMS:
                assert str(rows.loc[key, "protocol"]) in text
                assert str(rows.loc[key, "source"]) in text


def test_areas_are_proportional_and_small_bubbles_lie_on_top() -> None:
    rows = rows_of(landscape.IMAGENET, landscape.ACCURACY)
    trace = networks(bubbles(rows, view_of(rows)))
    sizes = dict(zip([key for key, _ in trace.customdata], trace.marker.size, strict=True))
    # 138,357,544 and 25,557,032 parameters: areas as 5.414 to 1
    assert (sizes["vgg16"] / sizes["resnet50_v1_5"]) ** 2 == pytest.approx(5.4137, abs=1e-3)
    assert list(trace.marker.size) == sorted(trace.marker.size, reverse=True)


def test_diamonds_are_other_protocols() -> None:
    rows = rows_of(landscape.IMAGENET, landscape.ACCURACY, accuracy.PAPER)
    trace = networks(bubbles(rows, view_of(rows)))
    shapes = dict(zip([key for key, _ in trace.customdata], trace.marker.symbol, strict=True))
    assert shapes["vgg16"] == "diamond"  # dense evaluation
    assert shapes["resnet50"] == "circle"


def few() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "network": ["Cheap", "Middle", "Dear"],
            "family": ["mobilenet", "resnet", "vgg"],
            "year": [2017, 2015, 2014],
            "input": ["3 × 224 × 224"] * 3,
            "parameters": [10**6, 10**7, 10**8],
            "activations": [10**6, 10**7, 10**8],
            "multiply-adds": [10**8, 10**9, 10**10],
            "accuracy": [60.0, 75.0, 70.0],
            "protocol": ["one crop"] * 3,
            "source": ["Table 1"] * 3,
            "one crop": [True] * 3,
            "measured at": [224, 320, 0],
        },
        index=pd.Index(["c", "m", "d"], name="key"),
    )


def test_the_front_is_drawn_in_steps_and_its_members_are_named() -> None:
    rows = few()
    assert front_of(rows) == ["c", "m"]
    line = next(t for t in traces(bubbles(rows, view_of(rows))) if t.name == "Pareto front")
    assert list(line.x[:2]) == [10**8, 10**9]
    assert list(line.y) == [60, 75, 75]
    assert line.line.shape == "hv"
    first, second = notice(rows)
    assert "from 60.0% for 100 M multiply-adds to 75.0% for 1 G" in first
    assert "**Cheap** and **Middle**" in first
    assert "**Dear** is farthest from the front (70.0% for 10 G)" in second
    assert "Middle (75.0% for 1 G) is at least as accurate with 10 times fewer" in second


def test_many_crops_do_not_reach_the_front() -> None:
    rows = few().assign(**{"one crop": [True, False, True]})
    assert front_of(rows) == ["c", "d"]
    said = " ".join(notice(rows))
    assert "No other network shown and measured with one crop gives as much" in said
    assert "Middle" not in said
    alike = few().assign(**{"one crop": [False] * 3})
    assert front_of(alike) == ["c", "m"]


def test_one_network_alone_is_the_front() -> None:
    (said,) = notice(few().iloc[:1])
    assert "**Cheap** (60.0% for 100 M) is alone on the front" in said


def test_a_crop_of_another_size_is_said_at_the_bubble() -> None:
    trace = networks(bubbles(few(), view_of(few())))
    told = dict(trace.customdata)
    assert "at 320 pixels" in told["m"]
    assert "pixels" not in told["c"]


def test_the_area_is_said_with_both_ends() -> None:
    said = area(few(), "activations")
    assert "its activations: from 1 M (Cheap) to 100 M (Dear)" in said


def test_without_accuracy_the_lines_are_of_equal_use() -> None:
    rows = rows_of(landscape.ALL, landscape.PARAMS)
    lines = [t for t in traces(bubbles(rows, view_of(rows))) if t.mode == "lines+text"]
    for uses, line in zip((10, 100, 1000), lines, strict=True):
        assert [x / y for x, y in zip(line.x, line.y, strict=True)] == pytest.approx([uses] * 2)
    # LeNet-5: 327,256 / 60,000; SqueezeNet with complex bypass: 1,165,298,720 / 1,589,672
    assert "**LeNet-5 (1998)** uses a parameter 5.45 times" in notice(rows)[0]
    assert "**SqueezeNet (complex bypass)** 733 times" in notice(rows)[0]


def test_axes_stand_still_when_the_year_moves() -> None:
    scope = rows_of(landscape.IMAGENET, landscape.ACCURACY)
    early = bubbles(landscape.shown(scope, [], 2014), view_of(scope))
    late = bubbles(scope, view_of(scope))
    assert layout(early).xaxis.range == layout(late).xaxis.range
    assert layout(early).yaxis.range == layout(late).yaxis.range


def test_the_clicked_network_and_those_in_focus_are_ringed_and_named() -> None:
    rows = rows_of(landscape.IMAGENET, landscape.ACCURACY)
    figure = bubbles(rows, view_of(rows, marked=("vgg16", "resnet50"), picked="densenet121"))
    rings = [t for t in traces(figure) if t.marker.symbol and "circle-open" in t.marker.symbol]
    assert [list(ring.x) for ring in rings] == [[15_470_264_320], [2_834_161_664]]
    names = next(t for t in traces(figure) if t.mode == "markers+text").text
    assert "<b>DenseNet-121</b>" in names
    assert "<b>VGG-16 (D)</b>" in names


def test_the_legend_has_the_families_shown_and_cannot_hide_them() -> None:
    rows = rows_of(landscape.SMALL, landscape.ACCURACY, accuracy.PAPER)
    figure = bubbles(rows, view_of(rows))
    named = [t.name for t in traces(figure) if t.showlegend is None]
    assert named == [FAMILY_NAMES[family] for family in dict.fromkeys(rows["family"])]
    assert layout(figure).legend.itemclick is False


def test_ticks_are_round_amounts() -> None:
    rows = rows_of(landscape.IMAGENET, landscape.ACCURACY)
    axis = layout(bubbles(rows, view_of(rows))).xaxis
    assert list(axis.ticktext) == ["30 M", "100 M", "300 M", "1 G", "3 G", "10 G", "30 G"]


def test_a_logarithmic_axis_holds_its_values() -> None:
    low, high = log_axis.span([1e3, 1e6])
    assert low < 3 < 6 < high
    assert log_axis.ticks(2.9, 6.1) == [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6]
    assert log_axis.ticks(0.9, 7.1)[:2] == [10, 100]
    one, other = log_axis.span([5.0])
    assert one < other
    for broken in ([], [0.0], [-1.0, 2.0]):
        with pytest.raises(ValueError, match="above zero"):
            log_axis.span(broken)


def test_names_are_cut_only_where_they_stay_apart() -> None:
    names = short_names(["VGG-11 (A)", "VGG-11 (A, BN)", "ResNet-20 (CIFAR-10)", "AlexNet"])
    assert list(names.values()) == ["VGG-11 (A)", "VGG-11 (A, BN)", "ResNet-20", "AlexNet"]
