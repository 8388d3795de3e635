"""ConvNeXt: what its authors print, its norm, its layer scale and its skipped blocks."""

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.convnext import ChannelNorm, ConvNeXtBlock
from tests.flops import torchs_flops


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("convnext_tiny", **options).eval()


def by_hand(blocks: tuple[int, ...], channels: tuple[int, ...]) -> tuple[int, int]:
    """Parameters and multiply-adds at 224 pixels, layer by layer."""
    c, side = channels[0], 56
    params, work = 48 * c + c + 2 * c, 48 * c * side**2
    for stage, (n, width) in enumerate(zip(blocks, channels, strict=True)):
        if stage:
            side //= 2
            params += 2 * c + 4 * c * width + width
            work += 4 * c * width * side**2
        # Depthwise 7×7, norm, two 1×1 convolutions with their biases, layer scale.
        params += n * (50 * width + 2 * width + 8 * width**2 + 5 * width + width)
        work += n * (49 * width + 8 * width**2) * side**2
        c = width
    return params + 2 * c + (c + 1) * 1000, work + c * 1000


def test_counts_follow_from_blocks_and_channels():
    spec = cnn_models.spec("convnext_tiny")
    assert (spec.exact_params, spec.exact_macs) == by_hand((3, 3, 9, 3), (96, 192, 384, 768))
    assert "28.589M and 4.456G" in spec.departures[0]


@pytest.mark.parametrize(
    ("blocks", "channels", "params", "work"),  # the authors' release: millions, billions
    [
        ((3, 3, 27, 3), (96, 192, 384, 768), "50", "8.7"),
        ((3, 3, 27, 3), (128, 256, 512, 1024), "89", "15.4"),
        ((3, 3, 27, 3), (192, 384, 768, 1536), "198", "34.4"),
    ],
)
def test_larger_sizes_have_the_counts_of_the_release(blocks, channels, params, work):
    network = on_meta(stages=tuple(zip(blocks, channels, strict=True)))
    counted = sum(p.numel() for p in network.parameters())
    assert (counted, by_hand(blocks, channels)[1]) == by_hand(blocks, channels)
    assert f"{counted / 1e6:.0f}" == params
    assert f"{by_hand(blocks, channels)[1] / 1e9:.1f}" == work


def test_the_norm_runs_over_the_channels_of_each_pixel():
    x = 3 + 5 * torch.randn(2, 64, 4, 3)
    y = ChannelNorm(64)(x)
    assert y.shape == x.shape
    torch.testing.assert_close(y.mean(1), torch.zeros(2, 4, 3), atol=1e-5, rtol=0)
    torch.testing.assert_close(y.var(1, correction=0), torch.ones(2, 4, 3), atol=1e-4, rtol=0)


def test_linear_layers_over_the_channels_are_1x1_convolutions():
    block = ConvNeXtBlock(8, survival=1.0, layer_scale=0.5).eval()
    conv = nn.Conv2d(8, 32, 1)
    conv.load_state_dict({"weight": block.widen.weight[:, :, None, None], "bias": block.widen.bias})
    x = torch.randn(2, 8, 3, 5)
    torch.testing.assert_close(block.widen(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), conv(x))


def test_a_new_block_hardly_changes_its_input():
    torch.manual_seed(0)
    x = torch.randn(2, 16, 9, 9)
    change = ConvNeXtBlock(16, survival=1.0, layer_scale=1e-6).eval()(x) - x
    assert 0 < change.abs().max() < 1e-5


def test_a_dropped_branch_leaves_the_input():
    torch.manual_seed(0)
    block = ConvNeXtBlock(8, survival=0.5, layer_scale=1.0).train()
    x = torch.randn(64, 8, 4, 4)
    same = (block(x) == x).flatten(1).all(1)
    assert 16 < same.sum() < 48
    assert not (block.eval()(x) == x).flatten(1).all(1).any()


def test_survival_falls_in_equal_steps_to_that_of_the_last_block():
    blocks = [m for m in on_meta(survival=0.83).modules() if isinstance(m, ConvNeXtBlock)]
    assert [b.drop.survival for b in blocks] == pytest.approx([1 - 0.01 * i for i in range(18)])


def test_weights_start_as_in_the_authors_code():
    torch.manual_seed(0)
    network = cnn_models.build("convnext_tiny", num_classes=10)
    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert all(not m.bias.any() for m in layers if m.bias is not None)
    large = [m.weight.std().item() for m in layers if m.weight.numel() > 30_000]
    assert large == pytest.approx([0.02] * len(large), rel=0.02)
    scales = [m.layer_scale for m in network.modules() if isinstance(m, ConvNeXtBlock)]
    assert all((scale == 1e-6).all() for scale in scales)


def test_the_smallest_image_is_one_patch_after_three_halvings():
    network = on_meta()
    assert network(torch.empty(1, 3, 32, 32, device="meta")).shape == (1, 1000)
    with pytest.raises(ValueError, match=r"31 × 40; ConvNeXt takes sides of at least 32 pixels\."):
        network(torch.empty(1, 3, 31, 40, device="meta"))


def test_an_odd_map_loses_its_last_row_and_column():
    with torchs_flops() as counter:
        on_meta()(torch.empty(1, 3, 63, 63, device="meta"))
    with torchs_flops() as smaller:
        on_meta()(torch.empty(1, 3, 60, 60, device="meta"))
    assert counter.get_total_flops() == smaller.get_total_flops()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stages": ()}, r"stages is \(\); each has at least 1 block and 1 channel\."),
        ({"stages": ((3, 96), (0, 192))}, r"each has at least 1 block and 1 channel\."),
        ({"survival": -0.2}, r"survival is -0\.2; it is over 0 and up to 1\."),
        ({"layer_scale": 0}, r"layer_scale is 0; it is over 0"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        on_meta(**options)
