"""SE-ResNet and SE-ResNeXt, against Tables 1, 2 and 10 of the paper and against timm's layers."""

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.convert import convert
from cnn_models.families.senet import SEBottleneck, SEResNeXtBlock
from tests.cnn_models.families.legacy_senet import BLOCKS, calm, deeper, logits
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture

WIDTHS = (256, 512, 1024, 2048)  # channels that the blocks of the four stages put out
LIKE = {"se_resnet": "timm/legacy_seresnet50", "se_resnext": "timm/legacy_seresnext50_32x4d"}


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options).eval()


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def in_gates(depth: int, reduction: int = 16) -> tuple[int, int]:
    """Weights and biases of all gates of a network: Equation 5, and what it leaves out."""
    gates = [c for n, c in zip(BLOCKS[depth], WIDTHS, strict=True) for _ in range(n)]
    return sum(2 * c * c // reduction for c in gates), sum(c + c // reduction for c in gates)


@pytest.mark.parametrize(
    ("key", "depth", "base"),
    [
        ("se_resnet101", 101, 44_549_160),
        ("se_resnet152", 152, 60_192_808),
        ("se_resnext50_32x4d", 50, 25_028_904),
        ("se_resnext101_32x4d", 101, 44_177_704),
    ],
)
def test_the_gates_are_all_that_is_added(key, depth, base):
    weights, biases = in_gates(depth)
    assert cnn_models.spec(key).exact_params == base + weights + biases
    without = cnn_models.spec(key.removeprefix("se_")).exact_macs
    assert without is not None
    assert cnn_models.spec(key).exact_macs == without + weights


def test_the_parameters_of_table_10():
    counted = []
    for reduction, printed in ((2, 45.7), (4, 35.7), (8, 30.7), (16, 28.1), (32, 26.9)):
        found = params(on_meta("se_resnet50", reduction=reduction))
        weights, biases = in_gates(50, reduction)
        assert found == 25_557_032 + weights + biases
        assert 0 < printed - (found - biases) / 1e6 < 0.12
        counted.append(f"{(found - biases) / 1e6:.2f}")
    words = " ".join(cnn_models.spec("se_resnet50").departures)
    assert f"have {', '.join(counted[:-1])} and {counted[-1]} million" in words


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_table_2_counts_the_additions_of_the_means(depth):
    """Without them the rise over the network without gates would round to less than is printed."""
    printed = {50: 0.01, 101: 0.02, 152: 0.02}[depth]
    sides = (56, 28, 14, 7)
    additions = sum(
        n * c * side**2 for n, c, side in zip(BLOCKS[depth], WIDTHS, sides, strict=True)
    )
    weights, _ = in_gates(depth)
    assert (weights + additions) / 1e9 == pytest.approx(printed, abs=0.0075)


def test_the_right_column_of_table_1():
    network = on_meta("se_resnext50_32x4d")
    for number, (inner, outer, squeezed) in enumerate(
        [(128, 256, 16), (256, 512, 32), (512, 1024, 64), (1024, 2048, 128)], start=1
    ):
        layer = network.get_submodule(f"layer{number}")
        assert [type(block) for block in layer.children()] == [SEResNeXtBlock] * BLOCKS[50][
            number - 1
        ]
        for block in layer.children():
            assert isinstance(block, SEResNeXtBlock)
            assert block.conv1.out_channels == block.conv2.out_channels == inner
            assert block.conv2.groups == 32
            assert block.conv3.out_channels == outer
            assert (block.se.fc1.out_channels, block.se.fc2.out_channels) == (squeezed, outer)


@pytest.mark.parametrize(
    ("key", "strides"), [("se_resnet101", (2, 1)), ("se_resnext101_32x4d", (1, 2))]
)
def test_the_stride_is_where_the_base_network_has_it(key, strides):
    block = on_meta(key).get_submodule("layer2.0")
    assert isinstance(block, SEBottleneck | SEResNeXtBlock)
    assert (block.conv1.stride[0], block.conv2.stride[0]) == strides


@pytest.mark.parametrize(("option", "value"), [("cardinality", 0), ("group_width", 0)])
def test_a_template_of_no_channels_is_refused(option, value):
    with pytest.raises(ValueError, match=f"{option} is {value}; it is at least 1"):
        on_meta("se_resnext50_32x4d", **{option: value})


def test_another_template_changes_the_grouped_convolution():
    block = on_meta("se_resnext50_32x4d", cardinality=8, group_width=16).get_submodule("layer1.0")
    assert isinstance(block, SEResNeXtBlock)
    assert block.conv2.weight.shape == (128, 16, 3, 3)


@pytest.mark.parametrize("family", LIKE)
def test_the_plain_functions_give_the_owners_logits(family):
    owner = LIKE[family]
    with torch.inference_mode():
        found = logits(deterministic(SHAPES[owner]), picture(224))
    assert_owners_logits(found, owner)


@pytest.mark.parametrize("key", ["se_resnet101", "se_resnet152", "se_resnext101_32x4d"])
def test_a_deeper_network_gives_what_the_owners_layers_give(key):
    family, depth = ("se_resnext", 101) if "next" in key else ("se_resnet", int(key[-3:]))
    state = calm(deeper(LIKE[family], BLOCKS[depth]))
    network = on_meta(key)
    network.load_state_dict(convert(key, state), strict=True, assign=True)
    with torch.inference_mode():
        ours, theirs = network(picture(96)), logits(state, picture(96))
    assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-4 * theirs.norm().item())


def test_the_deeper_shapes_are_those_of_the_owner():
    shapes = deeper("timm/legacy_seresnet50", BLOCKS[101])
    assert {n: list(s) for n, s in shapes.items()} == SHAPES["timm/legacy_seresnet101"]
