"""Figures of the paths through a network: what stands where."""

from typing import Any

import numpy as np
import pytest

from analysis.charts import block_removal, path_parts, reuse
from analysis.charts.palette import NEUTRAL, family_colour
from analysis.vision.paths.lesions import Fall
from analysis.vision.paths.part import Part
from analysis.vision.paths.reuse import ReuseMap


def fall(blocks: tuple[str, ...]) -> Fall:
    alone = tuple(0.9 - 0.1 * n for n in range(len(blocks)))
    return Fall(blocks, 1.0, alone, (0, 1, 2), ((1.0,), alone, (0.2, 0.4)), 100, 0)


FALLS = {"A": fall(("layer1.9", "layer1.10")), "B": fall(("layer1.2", "layer1.10"))}
FAMILIES = {"A": "resnet", "B": "resnet"}


def test_more_and_more_has_the_mean_as_a_line_and_the_range_as_a_band() -> None:
    fig: Any = block_removal.more_and_more(FALLS, FAMILIES, 0.1)
    band, line, _, second = fig.data
    assert list(line.x) == [0, 1, 2]
    assert list(line.y) == pytest.approx([100, 85, 30])
    assert list(band.y) == pytest.approx([100, 90, 40, 20, 80, 100])  # the best, and back the worst
    assert band.showlegend is False
    assert {line.line.dash, second.line.dash} == {"solid", "dash"}  # one family, one colour
    assert line.line.color == second.line.color == family_colour("resnet")


def test_blocks_stand_in_the_order_of_the_network() -> None:
    fig: Any = block_removal.one_at_a_time(FALLS, FAMILIES, 0.1)
    assert list(fig.layout.xaxis.categoryarray) == ["layer1.2", "layer1.9", "layer1.10"]
    assert list(fig.data[0].y) == pytest.approx([90, 80])
    assert fig.data[0].name == "A, whole: 100.0%"


PARTS = (
    Part("Column 1", "5 convolutions in a row", np.array([0.7, 0.2, 0.1])),
    Part("Column 2", "10 convolutions in a row", np.array([0.3, 0.6, 0.1])),
    Part("All columns", "up to 10 in a row", np.array([0.1, 0.9, 0.0]), whole=True),
)
CLASSES = ("disc", "star", "ring")


def test_each_part_has_a_bar_with_its_class() -> None:
    fig: Any = path_parts.says(PARTS, CLASSES, "#123456")
    assert list(fig.data[0].text) == ["disc 70.0%", "star 60.0%", "star 90.0%"]
    assert list(fig.data[0].x) == pytest.approx([70, 60, 90])
    assert list(fig.data[0].marker.color) == [NEUTRAL, NEUTRAL, "#123456"]
    said = path_parts.notice(PARTS, CLASSES)
    assert said == "The whole network says **star** with 90.0%; column 1 says disc (70.0%)."
    agreed = path_parts.notice(PARTS[1:], CLASSES)
    assert agreed == "The whole network says **star** with 90.0%; so does column 2 alone."


def test_shares_right_are_written_on_the_bars() -> None:
    fig: Any = path_parts.right(PARTS, (0.25, 0.5, 1.0), "#123456")
    assert list(fig.data[0].text) == ["25.0%", "50.0%", "100.0%"]
    assert list(fig.data[0].textposition) == ["outside", "outside", "inside"]


def test_reuse_map_has_sources_downwards_and_a_column_for_each_reader() -> None:
    weights = np.array([[0.4, 0.1], [np.nan, 0.2]])
    fig: Any = reuse.heat_map(ReuseMap(weights, ("1", "classifier")), 3)
    trace = fig.data[0]
    assert list(trace.y) == ["input", "1"]
    assert list(trace.x) == ["1", "classifier"]
    assert np.array(trace.z)[:, 1].tolist() == [0.5, 1.0]
    assert (trace.zmin, trace.zmax) == (0.5, 1)
    assert list(trace.colorbar.ticktext) == ["50%", "100%"]
    assert "block 3" in fig.layout.xaxis.title.text
