"""Gated versions of other papers' networks: counts by hand, and Tables 2, 3 and 4 of the paper."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.senet import SqueezeExcite

# Parameters and multiply-adds of the network without gates, and a line for each resolution:
# channels of its gates, and the side of the maps.
BY_HAND: dict[str, tuple[tuple[int, int], list[tuple[Sequence[int], int]]]] = {
    "se_vgg16_bn": (
        (138_365_992, 15_470_264_320),
        [
            ((64,) * 2, 224),
            ((128,) * 2, 112),
            ((256,) * 3, 56),
            ((512,) * 3, 28),
            ((512,) * 3, 14),
        ],
    ),
    # Figure 5 of the batch normalisation paper; 3c and 4e halve the map.
    "se_bn_inception": (
        (11_285_224, 2_032_600_064),
        [((256, 320), 28), ((576, 576, 576, 608, 608), 14), ((1056, 1024, 1024), 7)],
    ),
    "se_inception_resnet_v2": (
        (55_843_464, 13_155_794_016),
        [((320,) * 10, 35), ((1088,) * 20, 17), ((2080,) * 10, 8)],
    ),
    "se_mobilenet": (
        (4_231_976, 568_740_352),
        [
            ((64,), 112),
            ((128,) * 2, 56),
            ((256,) * 2, 28),
            ((512,) * 6, 14),
            ((1024,) * 2, 7),
        ],
    ),
    # The first unit of a stage leaves the channels of its input to the pooling beside the branch.
    "se_shufflenet": (
        (1_865_728, 137_460_672),
        [((240 - 24, *(240,) * 3), 28), ((240, *(480,) * 7), 14), ((480, *(960,) * 3), 7)],
    ),
    "cifar_se_resnet110": (
        (1_727_962, 252_887_680),
        [((16,) * 18, 32), ((32,) * 18, 16), ((64,) * 18, 8)],
    ),
}

every_attached = pytest.mark.parametrize("key", BY_HAND)


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options).eval()


def widths(key: str) -> list[int]:
    return [c for channels, _ in BY_HAND[key][1] for c in channels]


def weights(key: str) -> int:
    return sum(2 * c * (c // 16) for c in widths(key))


def means(key: str) -> int:
    """Additions for the means of all gates."""
    return sum(side**2 * sum(channels) for channels, side in BY_HAND[key][1])


@every_attached
def test_the_counts_by_hand(key):
    (params, macs), _ = BY_HAND[key]
    spec = cnn_models.spec(key)
    biases = sum(c + c // 16 for c in widths(key))
    assert spec.exact_params == params + weights(key) + biases
    assert spec.exact_macs == macs + weights(key)


@every_attached
def test_the_gates_in_the_order_of_the_layers(key):
    gates = [m for m in on_meta(key).modules() if isinstance(m, SqueezeExcite)]
    assert [gate.fc2.out_channels for gate in gates] == widths(key)


@every_attached
def test_another_reduction(key):
    narrowest = min(widths(key))
    gates = [m for m in on_meta(key, reduction=4).modules() if isinstance(m, SqueezeExcite)]
    assert [gate.fc1.out_channels for gate in gates] == [c // 4 for c in widths(key)]
    on_meta(key, reduction=narrowest)
    with pytest.raises(ValueError, match=f"this network takes 1 to {narrowest}"):
        on_meta(key, reduction=narrowest + 1)


def test_the_operations_of_tables_2_and_3_count_the_means():
    for key, printed in (("se_vgg16_bn", "15.48"), ("se_mobilenet", "572")):
        unit = 1e9 if "." in printed else 1e6
        total = (BY_HAND[key][0][1] + weights(key) + means(key)) / unit
        assert f"{total:.{2 if '.' in printed else 0}f}" == printed
        words = " ".join(cnn_models.spec(key).departures)
        assert f"make {total:.3f} ×" in words or f"make {total:.1f} million" in words


def test_the_operations_that_the_gates_of_shufflenet_and_bn_inception_add():
    added = weights("se_shufflenet"), means("se_shufflenet")
    assert [f"{n / 1e6:.1f}" for n in added] == ["0.6", "1.6"]  # 142 million less 140 million
    inception = BY_HAND["se_bn_inception"][0][1] + weights("se_bn_inception")
    words = cnn_models.spec("se_bn_inception").departures[0]
    assert f"{inception / 1e9:.3f} × 10⁹ multiply-adds" in words
    assert f"make {(inception + means('se_bn_inception')) / 1e9:.3f} ×" in words


def parameters(channels: Sequence[int]) -> int:
    """Those of gates with so many channels each."""
    return sum(2 * c * (c // 16) + c + c // 16 for c in channels)


def test_other_places_in_mobilenet_would_not_give_table_3():
    base, here = 4_231_976, parameters(widths("se_mobilenet"))
    assert f"{(base + here) / 1e6:.1f}M" == "4.7M"
    depthwise = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024)
    elsewhere = f"{(base + here + parameters(depthwise)) / 1e6:.2f} million"
    assert elsewhere in cnn_models.spec("se_mobilenet").departures[0]


def test_other_places_in_shufflenet_would_not_give_table_3():
    base, here = 1_865_728, parameters(widths("se_shufflenet"))
    elsewhere = parameters((240,) * 4 + (480,) * 8 + (960,) * 4)
    words = cnn_models.spec("se_shufflenet").departures[0]
    for count in (base + here, here, base + elsewhere):
        assert f"{count / 1e6:.2f} million" in words
    rounded_down = [int(count / 1e5) / 10 for count in (base, base + here)]
    assert rounded_down == [1.8, 2.4]  # as Table 3 prints both


def test_the_cifar_network_is_the_pre_activated_one():
    names = dict(on_meta("cifar_se_resnet110").named_modules())
    assert "layer1.0.conv2.se" in names  # behind the last convolution, which nothing follows
    assert "relu" in names  # behind the last unit


def test_an_option_of_the_base_network_is_an_option_here():
    narrow = on_meta("se_mobilenet", width=0.25)
    gates = [m.fc1.in_channels for m in narrow.modules() if isinstance(m, SqueezeExcite)]
    assert gates == [c // 4 for c in widths("se_mobilenet")]
    with pytest.raises(ValueError, match="width is 2"):
        on_meta("se_mobilenet", width=2)
