import math
from typing import Any

import pytest

import cnn_models
from analysis.charts import ilsvrc, ranking_bars, timeline
from analysis.structure import accuracy, landscape, per_cost


def pair(name: str) -> timeline.Pair:
    return next(p for p in timeline.pairs(ilsvrc.challenge()) if p.entry.name == name)


@pytest.mark.parametrize(
    ("entry", "averaged", "alone"),
    [
        ("AlexNet", "5 networks", 18.2),  # Table 2 of the paper
        ("GoogLeNet", "7 networks", 7.89),  # Table 3: one model, 144 crops
        ("ResNet", "6 networks", 4.49),  # Table 4: one ResNet-152
        ("VGG (2nd)", "7 networks", 7.1),  # Table 5: VGG-19, multi-crop and dense
    ],
)
def test_one_network_beside_the_entry(entry: str, averaged: str, alone: float) -> None:
    found = pair(entry)
    assert found.entry.averaged == averaged
    assert found.error == pytest.approx(alone)


def test_entries_before_networks_have_none() -> None:
    for name in ("NEC-UIUC", "XRCE"):
        assert pair(name).error is None
        assert not pair(name).entry.averaged


def test_the_number_of_networks_is_that_of_the_paper() -> None:
    for entry in ilsvrc.challenge().entries:
        if entry.key and entry.averaged[:1].isdigit():
            protocols = [p.protocol for p in cnn_models.spec(entry.key).published]
            several = [p for p in protocols if accuracy.is_ensemble(p)]
            assert not several or any(entry.averaged.split()[0] in p for p in several)


def test_the_notice_quotes_entries_and_networks_apart() -> None:
    data = ilsvrc.challenge()
    first, second = timeline.notice(timeline.pairs(data), data.human)
    assert "ResNet 3.57% with 6 networks, ResNet-152 alone 4.49%" in first
    assert "ZFNet" not in first  # how many networks it averaged is not printed
    assert second == (
        "Below a person's 5.1% with one network are ResNet-152 (4.49%) and SENet-154 (3.58%)."
    )


def test_the_table_has_a_protocol_for_every_figure() -> None:
    rows = timeline.table(timeline.pairs(ilsvrc.challenge()))
    for row in rows.to_dict("records"):
        assert row["answered by"]
        assert math.isnan(row["its top-5 error (%)"]) == (not row["protocol"])
        assert bool(row["protocol"]) == bool(row["source"])


def test_entries_and_networks_have_shapes_of_their_own() -> None:
    data = ilsvrc.challenge()
    figure: Any = timeline.years(timeline.pairs(data), data.human)
    shapes = {t.name: t.marker.symbol for t in figure.data if t.name}
    assert shapes == {
        "entry, test set": "diamond",
        "one network alone, validation set": "circle-open",
    }
    assert list(figure.layout.yaxis.categoryarray)[-1] == "2010 NEC-UIUC"


def test_bars_of_a_ranking_are_its_numbers() -> None:
    rows = landscape.shown(landscape.table(landscape.IMAGENET, landscape.ACCURACY))
    ranked = per_cost.shortened(per_cost.ranking(rows, per_cost.COSTS["macs"]), 5, ["vgg16"])
    figure: Any = ranking_bars.bars(ranked, "points", ["vgg16"])
    (bars,) = figure.data
    assert list(bars.x) == list(ranked["for each"])
    assert [text.startswith("<b>") for text in bars.y] == [key == "vgg16" for key in ranked.index]
    assert all("crop" in told for told in bars.customdata)
