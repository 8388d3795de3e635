"""BN-Inception against the rows of Figure 5, summed by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.bn_inception import FIGURE_5, BNInception, Inception
from tests.cnn_models.families.outputs import output_shapes

SPEC = cnn_models.spec("bn_inception")

# Side of the input's map, side of the output's, then as printed: #1×1, #3×3 reduce, #3×3,
# double #3×3 reduce, double #3×3, pool projection (0 for none).
PRINTED = {
    "3a": (28, 28, 64, 64, 64, 64, 96, 32),
    "3b": (28, 28, 64, 64, 96, 64, 96, 64),
    "3c": (28, 14, 0, 128, 160, 64, 96, 0),
    "4a": (14, 14, 224, 64, 96, 96, 128, 128),
    "4b": (14, 14, 192, 96, 128, 96, 128, 128),
    "4c": (14, 14, 160, 128, 160, 128, 160, 128),
    "4d": (14, 14, 96, 128, 192, 160, 192, 128),
    "4e": (14, 7, 0, 128, 192, 192, 256, 0),
    "5a": (7, 7, 352, 192, 320, 160, 224, 128),
    "5b": (7, 7, 352, 192, 320, 192, 224, 128),
}
# Weights and multiply-adds of the two convolutions before, with a 1×1 of 64 channels between.
STEM = ((3, 64, 49, 112), (64, 64, 1, 56), (64, 192, 9, 56))


def counted(rows: Mapping[str, tuple[int, ...]]) -> tuple[int, int]:
    """Parameters (batch norm has two a channel, no biases) and multiply-adds of these rows."""
    convs = list(STEM)
    inputs = 192
    for side, half, one, reduce3, three, reduce_d, double, projection in rows.values():
        convs += [
            (inputs, one, 1, side),
            (inputs, reduce3, 1, side),
            (reduce3, three, 9, half),
            (inputs, reduce_d, 1, side),
            (reduce_d, double, 9, side),
            (double, double, 9, half),
            (inputs, projection, 1, side),
        ]
        inputs = one + three + double + (projection or inputs)
    params = sum(i * o * window + 2 * o for i, o, window, _ in convs)
    macs = sum(i * o * window * side**2 for i, o, window, side in convs)
    return params + inputs * 1000 + 1000, macs + inputs * 1000


def on_meta() -> BNInception:
    with torch.device("meta"):
        return BNInception().eval()


def test_the_rows_of_figure_5_add_up_to_the_exact_counts() -> None:
    assert counted(PRINTED) == (SPEC.exact_params, SPEC.exact_macs)


def test_projections_of_96_would_make_the_printed_channels() -> None:
    narrower = PRINTED | {name: (*PRINTED[name][:-1], 96) for name in ("4c", "4d")}
    params, _ = counted(narrower)
    assert f"{params:,} parameters" in SPEC.departures[0]
    for row in (narrower["4c"], narrower["4d"]):
        assert row[2] + row[4] + row[6] + row[7] == 576


def test_what_the_appendix_says_of_googlenet_and_of_the_first_convolution() -> None:
    googlenet = cnn_models.spec("googlenet")
    more = SPEC.exact_params / googlenet.exact_params - 1
    work = (SPEC.exact_macs or 0) / (googlenet.exact_macs or 1) - 1
    assert f"counts are {more:.0%} and {work:.0%} more" in SPEC.departures[3]
    separable = 3 * 8 * 49 + 3 * 8 * 64  # 8 windows for each of 3 channels, then 1×1 to 64
    said = SPEC.departures[4]
    assert f"{separable:,} weights and {separable * 112**2 / 1e6:.1f} M" in said
    assert f"7×7 of {3 * 64 * 49:,} weights and {3 * 64 * 49 * 112**2 / 1e6:.1f} M" in said


def test_each_block_gives_the_channels_and_the_size_that_the_departures_name() -> None:
    shapes = output_shapes(on_meta(), [f"inception{name}" for name in FIGURE_5], 224)
    assert shapes["inception3c"] == (576, 14, 14)
    assert shapes["inception4c"] == shapes["inception4d"] == (608, 14, 14)
    assert shapes["inception4e"] == (1056, 7, 7)
    assert shapes["inception5b"] == (1024, 7, 7)


def test_blocks_of_stride_2_have_no_1x1_branch_and_pass_the_pooled_input_through() -> None:
    block = Inception(4, FIGURE_5["3c"]).eval()
    assert block.branch1 is None
    images = torch.rand(1, 4, 9, 9)
    pooled = nn.functional.max_pool2d(images, 3, 2, padding=1)
    torch.testing.assert_close(block(images)[:, -4:], pooled)


@pytest.mark.parametrize("side", [7, 31, 57, 101])
def test_maps_of_odd_sides_fit_together(side: int) -> None:
    images = torch.empty(1, 3, side, side + 6, device="meta")
    assert on_meta()(images).shape == (1, 1000)


def test_weights_start_with_a_variance_of_2_over_the_inputs_of_a_unit() -> None:
    torch.manual_seed(0)
    network = BNInception(10)
    for name in ("stem.conv3", "inception3a.branch3.1", "inception5b.branch1"):
        weight = network.get_submodule(f"{name}.conv").get_parameter("weight")
        assert weight.std().item() == pytest.approx(math.sqrt(2 / weight[0].numel()), rel=0.03)
    assert network.get_submodule("fc").get_parameter("weight").std().item() == pytest.approx(
        0.01, rel=0.03
    )
