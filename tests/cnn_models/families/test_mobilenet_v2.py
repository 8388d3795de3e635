"""MobileNet v2: what its paper and its authors' release print."""

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.mobilenet_v2 import InvertedResidual
from tests.flops import torchs_flops

# Table 2, with the side of the map that each row puts out: t, c, n, side.
TABLE_2 = (
    (1, 16, 1, 112),
    (6, 24, 2, 56),
    (6, 32, 3, 28),
    (6, 64, 4, 14),
    (6, 96, 3, 14),
    (6, 160, 3, 7),
    (6, 320, 1, 7),
)
# The same channels times 1.4, to the nearest multiple of 8; stem 44.8 and last 1792.
AT_1_4 = (24, 32, 48, 88, 136, 224, 448)


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("mobilenet_v2", **options).eval()


def outside_norms(network: nn.Module) -> int:
    """Weights and biases that are no scale or shift of batch norm."""
    norms = {
        id(p) for m in network.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()
    }
    return sum(p.numel() for p in network.parameters() if id(p) not in norms)


def macs(network: nn.Module, side: int = 224) -> int:
    with torchs_flops() as counter:
        network(torch.empty(1, 3, side, side, device="meta"))
    return counter.get_total_flops() // 2


def by_hand(stem: int, channels: tuple[int, ...], last: int) -> tuple[int, int]:
    """Parameters and multiply-adds, layer by layer."""
    params, work = 27 * stem + 2 * stem, 27 * stem * 112**2
    inputs, side_in = stem, 112
    for (t, _, n, side), outputs in zip(TABLE_2, channels, strict=True):
        for _ in range(n):
            wide = t * inputs
            if t > 1:
                params += inputs * wide + 2 * wide
                work += inputs * wide * side_in**2
            params += 9 * wide + 2 * wide + wide * outputs + 2 * outputs
            work += (9 * wide + wide * outputs) * side**2
            inputs, side_in = outputs, side
    params += inputs * last + 2 * last + 1000 * last + 1000
    work += inputs * last * 49 + 1000 * last
    return params, work


@pytest.mark.parametrize(
    ("key", "stem", "channels", "last"),
    [
        ("mobilenet_v2", 32, tuple(c for _, c, _, _ in TABLE_2), 1280),
        ("mobilenet_v2_x1_4", 48, AT_1_4, 1792),
    ],
)
def test_counts_follow_from_table_2(key, stem, channels, last):
    spec = cnn_models.spec(key)
    assert (spec.exact_params, spec.exact_macs) == by_hand(stem, channels, last)


@pytest.mark.parametrize(
    ("width", "params", "work"),  # millions, as the authors' release prints them
    [
        (1.4, 6.06, 582),
        (0.75, 2.61, 209),
        (0.35, 1.66, 59),
    ],
)
def test_every_width_has_the_counts_of_the_release(width, params, work):
    network = on_meta(width=width)
    assert outside_norms(network) / 1e6 == pytest.approx(params, abs=0.006)
    assert macs(network) / 1e6 == pytest.approx(work, abs=1)


def test_numbers_of_the_departures():
    one, wider = cnn_models.spec("mobilenet_v2"), cnn_models.spec("mobilenet_v2_x1_4")
    assert one.exact_params - outside_norms(on_meta()) == 34_112
    assert "3.505M, of which 34,112" in one.departures[0]
    assert f"{one.exact_params / 1e6:.3f}" == "3.505"
    assert f"{wider.exact_params / 1e6:.3f}" in wider.departures[0]
    assert f"{(wider.exact_macs or 0) / 1e6:.1f}M" in wider.departures[0]


@pytest.mark.parametrize(("width", "last"), [(0.35, 1280), (1.0, 1280), (1.4, 1792)])
def test_the_last_convolution_grows_with_the_width_but_does_not_shrink(width, last):
    assert on_meta(width=width).get_submodule("head.conv").out_channels == last


def test_a_block_that_has_learnt_nothing_copies_its_narrow_input():
    block = InvertedResidual(8, 8, stride=1, expansion=6).eval()
    nn.init.zeros_(block.project.get_parameter("bn.weight"))
    x = torch.randn(2, 8, 5, 5)
    assert torch.equal(block(x), x)


def test_the_bottleneck_is_linear_and_the_wide_map_is_clipped_at_6():
    layers = [type(m) for m in InvertedResidual(8, 16, stride=2, expansion=6).modules()]
    assert layers.count(nn.ReLU6) == 2
    assert layers[-1] is nn.BatchNorm2d


def test_only_blocks_that_keep_the_shape_have_a_shortcut():
    blocks = [m for m in on_meta().modules() if isinstance(m, InvertedResidual)]
    assert len(blocks) == 17
    assert sum(block.adds_input for block in blocks) == 10  # n - 1 of each row


def test_dropout_works_while_training_only():
    torch.manual_seed(0)
    network = cnn_models.build("mobilenet_v2", num_classes=3, width=0.35, dropout=0.5)
    x = torch.randn(1, 3, 32, 32)
    network.eval()
    assert torch.equal(network(x), network(x))
    network.get_submodule("dropout").train()
    assert not torch.equal(network(x), network(x))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0}, r"width is 0; it is over 0"),
        ({"width": float("nan")}, r"width is nan"),
        ({"dropout": 1.0}, r"dropout is 1\.0; it is at least 0 and less than 1\."),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        on_meta(**options)


def test_weights_start_by_hes_rule():
    torch.manual_seed(0)
    network = cnn_models.build("mobilenet_v2")
    wide = network.get_parameter("stage6.1.expand.conv.weight")  # 960 outputs of 1×1
    assert wide.std().item() == pytest.approx((2 / 960) ** 0.5, rel=0.02)
    assert network.get_parameter("classifier.weight").std().item() == pytest.approx(0.01, rel=0.02)
