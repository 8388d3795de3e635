import json
import re
from pathlib import Path
from typing import Any

import pytest

import cnn_models
from analysis import amounts
from analysis.charts import depth, diagram, ilsvrc, predictions
from analysis.charts.palette import FAMILY_COLOURS, KIND_COLOURS, NEUTRAL, family_colour
from analysis.structure import comparison, described, outline
from analysis.vision.prediction import Prediction

ROOT = Path(__file__).parents[3]


def traces(figure: Any) -> list[Any]:
    """The figure's traces; Plotly's own types do not say what they hold."""
    return list(figure.data)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (156, "156"),
        (9_408, "9.408 k"),
        (61_706, "61.71 k"),
        (138_357_544, "138.4 M"),
        (15_470_264_320, "15.47 G"),
        (0, "0"),
    ],
)
def test_short_numbers(value: int, text: str) -> None:
    assert amounts.short(value) == text


def test_lists_read_as_sentences() -> None:
    assert amounts.listed(["A"]) == "A"
    assert amounts.listed(["A", "B"]) == "A and B"
    assert amounts.listed(["A", "B", "C"]) == "A, B and C"


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*FAMILY_COLOURS.values(), *KIND_COLOURS.values(), NEUTRAL])
def test_colours_stand_out_in_both_themes_and_under_white_letters(colour: str) -> None:
    theme = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    backgrounds = re.findall(r'^backgroundColor = "(#\w{6})"', theme, flags=re.MULTILINE)
    assert len(backgrounds) == 2
    for background in backgrounds:
        assert contrast(colour, background) >= 3
    assert contrast(colour, "#ffffff") >= 3


def test_every_family_has_a_colour_of_its_own() -> None:
    families = {cnn_models.spec(key).family for key in cnn_models.names()}
    assert families <= set(FAMILY_COLOURS)
    assert len(set(FAMILY_COLOURS.values())) == len(FAMILY_COLOURS)
    assert family_colour(None) == NEUTRAL


def test_ilsvrc_links_lead_to_networks_of_that_family() -> None:
    for entry in ilsvrc.challenge().entries:
        if entry.key:
            assert cnn_models.spec(entry.key).family == entry.family


def test_ilsvrc_depths_are_those_of_the_networks() -> None:
    for entry in ilsvrc.challenge().entries:
        if entry.key:
            assert comparison.depth(described.traced(entry.key)) == entry.depth


def test_ilsvrc_table_shows_each_entry_once_and_links_the_networks() -> None:
    data = ilsvrc.challenge()
    html = ilsvrc.table(data)
    for entry in data.entries:
        assert html.count(entry.label) == 1
        assert f">{entry.error:g}%<" in html
    assert html.count("<a href=") == sum(entry.key is not None for entry in data.entries)
    assert "a person</span>" in html


def test_ilsvrc_bars_are_as_long_as_their_numbers() -> None:
    html = ilsvrc.table(ilsvrc.challenge())
    bars = re.findall(r"\* ([\d.]+)\);[^*]*?</span>([\d.]+)%</span>", html)
    shares = {float(value): float(share) for share, value in bars}
    assert shares[28.2] == 1
    assert shares[16.4] == pytest.approx(16.4 / 28.2, abs=1e-4)


def test_depth_bars_add_up_to_the_total() -> None:
    graph = described.traced("alexnet")
    profile = comparison.depth_profile(graph, cnn_models.spec("alexnet").stages)
    for quantity, total in (("params", 60_965_224), ("macs", 724_406_816)):
        drawn = depth.bars(profile, depth.QUANTITIES[quantity])
        assert sum(float(sum(trace.y)) for trace in traces(drawn)) == total


def test_depth_notice_names_the_largest_layer_of_vgg() -> None:
    graph = described.traced("vgg16")
    profile = comparison.depth_profile(graph, cnn_models.spec("vgg16").stages)
    # the first fully connected layer: 25088 x 4096 weights and 4096 biases of 138,357,544
    assert "102.8 M parameters, 74% of all" in depth.notice(profile, depth.QUANTITIES["params"])


def test_curves_end_at_the_totals() -> None:
    keys = ("vgg16", "resnet50")
    profiles = {key: comparison.depth_profile(described.traced(key)) for key in keys}
    families = {key: cnn_models.spec(key).family for key in keys}
    drawn = depth.curves(profiles, families, depth.QUANTITIES["params"])
    assert [trace.y[-1] for trace in traces(drawn)] == [138_357_544, 25_557_032]


def test_two_networks_of_one_family_are_told_apart_by_their_line() -> None:
    keys = ("vgg11", "vgg13", "vgg16", "vgg19")
    profiles = {key: comparison.depth_profile(described.traced(key)) for key in keys}
    drawn = depth.curves(profiles, dict.fromkeys(keys, "vgg"), depth.QUANTITIES["macs"])
    assert len({trace.line.dash for trace in traces(drawn)}) == 4


def test_diagram_draws_each_node_and_edge_once() -> None:
    drawn = outline.inside(described.traced("googlenet"), "inception3a")
    text = diagram.dot(drawn, "#123456")
    assert text.count("label=") == len(drawn.nodes) + len(drawn.edges)
    assert text.count(" -> ") == len(drawn.edges)
    assert "5×5 convolution" in text


def test_diagram_cannot_be_broken_by_a_name() -> None:
    node = outline.OutlineNode('a"]; evil [x="', 'b"\\ c', "", "", 1, 0, 0, (1,))
    text = diagram.dot(outline.Outline((node,), ()), "#123456")
    assert text.count("[label=") == 1
    assert "evil" not in text


def test_prediction_bars_keep_digits_as_names() -> None:
    rows = [Prediction(1, 3, "3", 0.75), Prediction(2, 9, "9", 0.25)]
    drawn = predictions.top_bars(rows, "#123456")
    assert list(drawn.layout["yaxis"]["ticktext"]) == ["3", "9"]
    assert list(traces(drawn)[0].x) == [75, 25]
    assert predictions.notice("LeNet", rows, "9") == (
        "LeNet says **3** with 75.0%; next comes 9 with 25.0%. The maps answer for **9**."
    )


def test_data_of_the_challenge_names_its_sources() -> None:
    raw = json.loads((ROOT / "assets" / "ilsvrc.json").read_text(encoding="utf-8"))
    assert "Russakovsky" in raw["origin"]
