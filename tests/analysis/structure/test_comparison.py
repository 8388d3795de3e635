"""Comparisons, against numbers that the networks' names and papers give away."""

import re

import pytest
from torch import nn

import cnn_models
from analysis.structure import comparison, described, graph
from cnn_models.families.resnet import BasicBlock
from tests.networks import one_of_each_paper


@pytest.mark.parametrize(
    ("key", "layers"),
    [
        ("lenet5_modern", 5),
        ("alexnet", 8),
        ("vgg11", 11),
        ("vgg13_bn", 13),
        ("vgg16", 16),
        ("vgg16_c", 16),
        ("vgg19_bn", 19),
        ("googlenet", 22),
        ("plain18", 18),
        ("plain34", 34),
        ("resnet18", 18),
        ("resnet34", 34),
        ("resnet50", 50),
        ("resnet50_v1_5", 50),
        ("resnet101", 101),
        ("resnet152", 152),
        ("cifar_plain20", 20),
        ("cifar_resnet56", 56),
        ("se_resnet50", 50),
        ("cifar_se_resnet20", 20),
        ("densenet121", 121),
        ("mobilenet_v1", 28),
    ],
)
def test_the_depth_is_the_number_in_the_name(key, layers, traced):
    assert comparison.depth(traced(key)) == layers


def test_the_depth_of_lenet_5_is_without_its_output():
    # Section II-B counts 7 layers: C1, S2, C3, S4, C5, F6 and the output, which has no weights.
    of_1998 = described.traced("lenet5")
    assert comparison.depth(of_1998) == 7 - 1
    assert sum(op.params for op in of_1998.operations if "output" in op.name) == 0


def test_totals_and_ratios(traced):
    table = comparison.totals({"VGG": traced("vgg16"), "ResNet": traced("resnet50")})
    assert list(table.index) == ["VGG", "ResNet"]
    assert list(table["parameters"]) == [138_357_544, 25_557_032]
    assert list(table["multiply-adds"]) == [15_470_264_320, 3_857_973_248]
    assert list(table["× parameters"]) == pytest.approx([1, 25_557_032 / 138_357_544])
    assert list(table["depth"]) == [16, 50]
    assert list(table["receptive field"]) == [212, 483]


def test_kinds_add_up(traced):
    graphs = {"VGG": traced("vgg16"), "ResNet": traced("resnet50")}
    kinds = comparison.by_kind(graphs)
    rows = kinds.to_dict("records")
    for name, g in graphs.items():
        own = [row for row in rows if row["network"] == name]
        assert sum(row["operations"] for row in own) == len(g.operations)
        assert sum(row["parameters"] for row in own) == g.totals().params
        assert sum(row["multiply-adds"] for row in own) == g.totals().macs
        assert sum(row["% of parameters"] for row in own) == pytest.approx(100)
        assert sum(row["% of multiply-adds"] for row in own) == pytest.approx(100)
    costly = kinds[kinds["network"] == "VGG"].head(2)
    assert list(costly["kind"]) == ["convolution", "linear"]
    assert list(costly["operations"]) == [13, 3]
    assert list(costly["parameters"]) == [14_714_688, 123_642_856]


def test_kinds_that_cost_nothing_are_left_out(traced):
    kinds = comparison.cost_by_kind({"VGG": traced("vgg16")})
    assert list(kinds["kind"]) == ["convolution", "linear"]


@one_of_each_paper
def test_the_profile_reaches_the_totals(key, traced):
    g = traced(key)
    profile = comparison.depth_profile(g, cnn_models.spec(key).stages)
    assert list(profile["name"]) == [op.name for op in g.operations]
    last = profile.iloc[-1]
    assert last["cumulative parameters"] == g.totals().params
    assert last["cumulative multiply-adds"] == g.totals().macs
    assert last["cumulative activation bytes"] == g.totals().activation_bytes
    assert "" not in set(profile["stage"])


def test_the_stages_of_a_profile(traced):
    profile = comparison.depth_profile(traced("vgg16"), cnn_models.spec("vgg16").stages)
    assert list(dict.fromkeys(profile["stage"])) == [
        *(f"stage{i}" for i in range(1, 6)), "average, flatten", "classifier"
    ]  # fmt: skip


def test_what_sets_vgg16_and_resnet50_apart(traced):
    told = comparison.differences({"VGG-16": traced("vgg16"), "ResNet-50": traced("resnet50")})
    text = "\n".join(told)
    assert "VGG-16 has 138,357,544 parameters: 5.41 times as many as ResNet-50 (25,557,032)" in text
    assert "89.4% of VGG-16's (in 3 layers) and 8.0% of ResNet-50's (in 1 layer)" in text
    assert "16 layers with weights in VGG-16 and 50 in ResNet-50" in text
    assert "VGG-16 is one chain" in text
    assert "ResNet-50 adds two paths 16 times" in text
    assert "212 × 212 of 224 × 224 in VGG-16 and 483 × 483 of 224 × 224 in ResNet-50" in text
    assert all(re.fullmatch(r"[^\n]+\.", sentence) for sentence in told)


def test_gates_and_joins_are_told(traced):
    text = "\n".join(
        comparison.differences({"SE": traced("se_resnet50"), "Dense": traced("densenet121")})
    )
    gated = "rescales its channels by a gate computed from the whole map 16 times (squeeze-and-"
    assert f"SE adds two paths 16 times and {gated}excitation)" in text
    assert "Dense joins branches channel by channel 58 times" in text


def test_linear_layers_on_every_pixel_are_not_called_fully_connected(traced):
    text = "\n".join(comparison.differences({"ConvNeXt": traced("convnext_tiny")}))
    assert "2.7% of ConvNeXt's (in 1 layer)" in text  # 769,000 of 28,589,128


def test_what_happens_once_is_said_to_happen_once():
    block = BasicBlock(4, 4, 1, "A")
    text = "\n".join(comparison.differences({"Block": graph.trace(block, (4, 8, 8))}))
    assert "Block adds two paths once." in text


def test_equal_networks_are_said_to_be_equal(traced):
    told = comparison.differences({"A": traced("vgg16"), "B": traced("vgg16")})
    assert told[0] == "A has 138,357,544 parameters: as many as B."


def test_one_network_is_described(traced):
    told = comparison.differences({"AlexNet": traced("alexnet")})
    assert told[0] == "AlexNet has 60,965,224 parameters."


def test_networks_without_maps_or_weights():
    bare = {
        "vector": graph.trace(nn.Sequential(nn.Linear(4, 2)), (4,)),
        "empty": graph.trace(nn.Sequential(nn.ReLU()), (3, 8, 8)),
    }
    assert "empty has none" in comparison.differences(bare)[0]
    assert comparison.totals(bare)["receptive field"].isna().to_list() == [True, False]
    assert list(comparison.totals(bare)["depth"]) == [1, 0]
