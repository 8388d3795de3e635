"""Charts and sentences of gates hold the numbers they are given."""

from typing import Any

import numpy as np
import pytest

from analysis.charts import gate_classes, gate_effects, gates
from analysis.vision.gates import notices
from analysis.vision.gates.classes import by_class
from analysis.vision.gates.effects import KINDS, Answer, Effects
from analysis.vision.gates.places import Gate
from analysis.vision.gates.profile import ROWS, profile
from analysis.vision.gates.ratio import ratio_costs
from analysis.vision.gates.reading import Reading

GATE = Gate("layer1.se", 4, 2, "sigmoid")
LATE = Gate("layer2.se", 4, 2, "sigmoid")


def reading(gate: Gate, *rows: list[float], z: list[float] | None = None) -> Reading:
    scale = np.array(rows, np.float32)
    return Reading(gate, scale if z is None else np.array([z], np.float32), scale)


ONE = reading(GATE, [0.05, 0.95, 0.4, 0.6], z=[3.0, 1.0, 2.0, 0.0])
TWO = reading(GATE, [0.05, 0.45, 0.5, 0.6])


def traces(figure: Any) -> list[Any]:
    return list(figure.data)


def test_bars_have_a_dot_for_the_second_picture() -> None:
    bars = profile(ONE.scale[0], TWO.scale[0], strongest_first=True)
    figure = gates.block_bars(bars, "#c2479b", ("star", "ring"), strongest_first=True)
    first, second = traces(figure)
    np.testing.assert_allclose(first.y, [0.95, 0.6, 0.4, 0.05])
    np.testing.assert_allclose(second.y, [0.45, 0.6, 0.5, 0.05])
    assert (first.name, second.name) == ("star", "ring")
    assert list(first.customdata) == ["channel 1", "channel 3", "channel 2", "channel 0"]


def test_a_bar_of_many_channels_says_so() -> None:
    wide = profile(np.linspace(0, 1, 1000), None, strongest_first=False)
    figure: Any = gates.block_bars(wide, "#c2479b", ("", ""), strongest_first=False)
    assert "up to 8 to a bar" in figure.layout.xaxis.title.text
    assert figure.data[0].customdata[0] == "channels 0, 1, 2, 3 …"


def test_the_map_has_a_column_for_each_block_on_a_fixed_scale() -> None:
    figure: Any = gates.depth_map([ONE, reading(LATE, [0.5] * 4)])
    (heat,) = figure.data
    assert np.shape(heat.z) == (ROWS, 2)
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert list(figure.layout.xaxis.ticktext) == ["layer1", "layer2"]


def test_many_blocks_are_named_now_and_then() -> None:
    many = [reading(Gate(f"b{i}.se", 4, 2, "sigmoid"), [0.5] * 4) for i in range(54)]
    figure: Any = gates.depth_map(many)
    assert len(figure.layout.xaxis.ticktext) <= gates.MOST_TICKS


def test_squeeze_stands_along_and_excitation_up() -> None:
    (dots,) = traces(gates.squeeze_scatter(ONE, "#c2479b"))
    assert (list(dots.x), dots.y[1]) == ([3, 1, 2, 0], np.float32(0.95))


LABELS = np.array([0, 0, 1, 1])
BLOCKS = by_class(
    (
        reading(GATE, [0.4] * 4, [0.6] * 4, [0.4] * 4, [0.6] * 4),  # the class changes nothing
        reading(LATE, [0.2, 0.9, 0.5, 0.5], *[[0.2, 0.9, 0.5, 0.5]], *[[0.8, 0.9, 0.5, 0.5]] * 2),
    ),
    LABELS,
)


def test_the_line_over_the_depth_is_in_percent() -> None:
    (line,) = traces(gate_classes.specificity(BLOCKS, LATE.name, 4, "#c2479b"))
    np.testing.assert_allclose(line.y, [0, 100], atol=1e-6)
    assert line.marker.size[1] > line.marker.size[0]


def test_lines_of_classes_are_in_the_order_of_the_mean() -> None:
    band, line = traces(gate_classes.class_lines(BLOCKS[1], [1], ("circle", "ring")))
    assert line.name == "ring"
    assert list(line.customdata) == [1, 0, 2, 3]
    np.testing.assert_allclose(line.y, [0.9, 0.8, 0.5, 0.5], rtol=1e-6)
    np.testing.assert_allclose(band.y[:2], [0.9, 0.8], rtol=1e-6)  # mean 0.5 and spread 0.3


def test_of_a_wide_block_some_channels_are_drawn() -> None:
    scale = np.linspace(0, 1, 2048, dtype=np.float32)[None].repeat(4, 0)
    (block,) = by_class((Reading(GATE, scale, scale),), LABELS)
    assert len(gate_classes.shown_channels(block)) == gate_classes.MOST_CHANNELS


def answer(share: float, *likeliest: int) -> Answer:
    return Answer(np.full(len(likeliest), share), np.array(likeliest))


FOUND = Effects(
    answer(0.9, 1, 1),
    {
        (gate.name, kind): answer(share, 1, 0 if share < 0.5 else 1)
        for gate, shares in ((GATE, (0.1, 0.8, 0.85)), (LATE, (0.7, 0.3, 0.95)))
        for kind, share in zip(KINDS, shares, strict=True)
    },
)


def test_changes_are_bars_and_the_untouched_network_a_line() -> None:
    shares = {k: [FOUND.of(g, k).probability[0] for g in (GATE, LATE)] for k in KINDS}
    *bars, line = traces(gate_effects.change_bars(["layer1", "layer2"], shares, 0.9, ""))
    assert [list(bar.y) for bar in bars] == [[10, 70], [80, 30], [85, 95]]
    assert (line.name, list(line.y)) == ("untouched, 90.0%", [90, 90])


def test_a_shut_channel_is_a_difference_in_points() -> None:
    values = np.array([0.5, 0.95])
    (bars,) = traces(gate_effects.channel_bars([3, 7], values, 0.9, "#c2479b", ""))
    np.testing.assert_allclose(bars.y, [-40, 5])
    assert list(bars.customdata) == [3, 7]


def test_the_ratio_of_the_network_itself_is_in_colour() -> None:
    rows = ratio_costs([GATE], 1000, 500)
    (bars,) = traces(gate_effects.ratio_bars(rows, "params", "Parameters", "#c2479b"))
    assert list(bars.x) == ["r = 2", "r = 4"]
    assert list(bars.y) == [2 * 4 * 2 + 6, 2 * 4 * 1 + 5]
    assert [colour == "#c2479b" for colour in bars.marker.color] == [True, False]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            notices.of_block(ONE),
            "**0.05** (channel 0) to **0.95** (channel 1), with a mean of 0.50",
        ),
        (notices.of_block(ONE), "Above 0.9: 1; below 0.1: 1."),
        (notices.of_block(reading(GATE, [0.5] * 4)), "all 4 channels are about **0.50**"),
        (notices.of_two(ONE, TWO), "by 0.15 on average; channel 1 moves most, from 0.95 to 0.45"),
        (notices.of_two(ONE, ONE), "the same gates"),
        (
            notices.of_depth([ONE, reading(LATE, [0.2, 0.2, 0.3, 0.3])]),
            "lowest in `layer2` (0.25) and highest in `layer1` (0.50)",
        ),
        (notices.of_depth([ONE]), "The only gate stands in `layer1`"),
        (notices.of_squeeze(ONE), "channel 0 (z = 3.00); its gate is 0.05, number 4 of 4"),
        (notices.of_squeeze(ONE), "tends to come with a low gate"),
        (notices.of_classes(BLOCKS, 4), "In `layer1` **0.0%** of the gates' variance"),
        (notices.of_classes(BLOCKS, 4), "in `layer2` **100.0%**"),
        (notices.of_classes(BLOCKS, 4), "late ones tell them apart"),
        (notices.of_class_lines(BLOCKS[1], ("circle", "ring")), "channel 0: its gate is 0.80"),
        (
            notices.of_effects([GATE, LATE], FOUND, "star"),
            "10.0% with the gate set to 1 in `layer1`, 30.0% with the gate set to its mean in "
            "`layer2`",
        ),
        (
            notices.of_accuracy([GATE, LATE], FOUND, np.array([1, 1]), "named right", 2),
            "Over 2 pictures, named right: **100.0%** untouched; at worst 50.0% with the gate set "
            "to 1 in `layer1`",
        ),
        (
            notices.of_channels(GATE, [3, 7], np.array([0.5, 0.95]), 0.9),
            "channel 3 most: without it 50.0% instead of 90.0%. Without channel 7 it would be 95",
        ),
        (
            notices.of_ratio(ratio_costs([GATE], 1000, 500), [GATE]),
            "The 1 gate has 22 parameters with r = 2, 2.2% of the network",
        ),
    ],
)
def test_sentences_quote_the_numbers(said: str, expected: str) -> None:
    assert expected in said


def test_nothing_is_claimed_where_nothing_varies() -> None:
    still = by_class((reading(GATE, *[[0.5] * 4] * 4),), LABELS)
    assert (
        notices.of_classes(still, 4) == "No gate of this network changes from picture to picture."
    )
    assert "the same for every class" in notices.of_class_lines(still[0], ("circle", "ring"))
    assert "No single one" in notices.of_channels(GATE, [3, 7], np.array([0.9, 0.901]), 0.9)
    same = Effects(answer(0.9, 1), {(GATE.name, kind): answer(0.9, 1) for kind in KINDS})
    assert "No change of a single gate" in notices.of_effects([GATE], same, "star")
