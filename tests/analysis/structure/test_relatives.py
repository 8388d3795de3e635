"""Which networks stand in one table, and what is said of them."""

from collections.abc import Callable
from itertools import chain

import pytest

import cnn_models
from analysis.structure import relatives
from analysis.structure.graph import Graph
from cnn_models import registry

Traced = Callable[[str], Graph]


def test_every_family_has_a_name() -> None:
    assert list(relatives.FAMILY_NAMES) == list(registry.FAMILIES)


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_every_network_stands_in_one_table(family: str) -> None:
    tables = relatives.relatives(family)
    keys = list(chain.from_iterable(table.keys for table in tables))
    assert sorted(keys) == sorted(cnn_models.names(family))
    assert len({table.name for table in tables}) == len(tables)
    assert len({table.title for table in tables}) == len(tables)


def test_small_images_and_large_ones_stand_apart() -> None:
    tables = {table.name: table.keys for table in relatives.relatives("resnet")}
    assert "resnet50" in tables["resnet"]
    assert "cifar_resnet110" in tables["cifar_resnet"]


def test_networks_with_other_stages_stand_apart() -> None:
    table = next(t for t in relatives.relatives("senet") if "se_vgg16_bn" in t.keys)
    assert "se_inception_resnet_v2" not in table.keys


def test_unknown_family_is_refused() -> None:
    with pytest.raises(cnn_models.UnknownModel):
        relatives.relatives("transformers")


def test_figures_of_resnets_are_counted_and_quoted(traced: Traced) -> None:
    rows = relatives.figures({key: traced(key) for key in ("resnet34", "resnet152")})
    assert list(rows["layers"]) == [34, 152]
    assert list(rows["parameters"]) == [21_797_672, 60_192_808]
    assert list(rows["top-1 error"]) == ["24.52%", "21.43%"]  # Table 3 of the paper, ten crops
    assert "10-crop" in rows["measured"].iloc[0]


def test_figures_without_printed_errors(traced: Traced) -> None:
    rows = relatives.figures({"cifar_plain20": traced("cifar_plain20")})
    assert "measured" not in rows
    assert "alone" in relatives.growth(rows)


def test_growth_quotes_the_two_ends(traced: Traced) -> None:
    rows = relatives.figures({key: traced(key) for key in ("vgg19", "vgg11", "vgg16")})
    assert relatives.growth(rows) == (
        "The cheapest is VGG-11 (A), with 7.609 G multiply-adds in 11 layers; the costliest is "
        "VGG-19 (E), with 2.58 times the multiply-adds and 1.08 times the parameters in 19 layers."
    )


@pytest.mark.parametrize(
    ("pair", "difference"),
    [
        (("plain18", "resnet18"), "additions (8, not 0)"),
        (("vgg16", "vgg16_bn"), "batch norms (13, not 0)"),
        (
            ("resnet50", "resnet50_v1_5"),
            "convolutions with a stride (1 of 7×7, 3 of 1×1 and 3 of 3×3, not 1 of 7×7 and 6 of "
            "1×1)",
        ),
    ],
)
def test_what_sets_networks_with_the_same_layers_apart(
    traced: Traced, pair: tuple[str, str], difference: str
) -> None:
    (sentence,) = relatives.told_apart(pair, {key: traced(key) for key in pair})
    assert difference in sentence


def test_a_network_alone_needs_no_sentence(traced: Traced) -> None:
    assert list(relatives.told_apart(["vgg16"], {"vgg16": traced("vgg16")})) == []


def test_one_way_of_measuring_needs_no_column(traced: Traced) -> None:
    alike, way = relatives.measured_alike(
        relatives.figures({key: traced(key) for key in ("vgg13", "vgg16")})
    )
    assert "measured" not in alike
    assert way.startswith("single test scale, dense evaluation")
    rows = relatives.figures({key: traced(key) for key in ("vgg16", "resnet34")})
    unlike, way = relatives.measured_alike(rows)
    assert "measured" in unlike
    assert way == ""
    bare = relatives.figures({"fractalnet34": traced("fractalnet34")})
    assert relatives.measured_alike(bare)[1] == ""
