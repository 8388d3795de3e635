"""ZFNet against Figure 3 and variant (b) of its paper."""

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.zfnet import FIGURE_3, VARIANT_B, ZFNet


def counted_by_hand(filters: tuple[int, int, int]) -> tuple[int, int]:
    """Parameters and multiply-adds: (inputs, outputs, kernel, side of the map) layer by layer."""
    three, four, five = filters
    layers = (
        (3, 96, 7, 110),
        (96, 256, 5, 26),
        (256, three, 3, 13),
        (three, four, 3, 13),
        (four, five, 3, 13),
        (five, 4096, 6, 1),
        (4096, 4096, 1, 1),
        (4096, 1000, 1, 1),
    )
    params = sum(i * o * k * k + o for i, o, k, _ in layers)
    return params, sum(i * o * k * k * side * side for i, o, k, side in layers)


@pytest.mark.parametrize(("key", "filters"), [("zfnet", FIGURE_3), ("zfnet_wide", VARIANT_B)])
def test_the_counts_are_those_of_figure_3(key, filters):
    spec = cnn_models.spec(key)
    assert counted_by_hand(filters) == (spec.exact_params, spec.exact_macs)


def test_the_maps_are_as_large_as_figure_3_draws_them():
    with torch.device("meta"):
        network = ZFNet().eval()
    x, sides = torch.empty(1, 3, 224, 224, device="meta"), {}
    for stage in ("stage1", "stage2", "stage3"):
        for name, layer in network.get_submodule(stage).named_children():
            x = layer(x)
            sides[name] = x.shape[-1]
    layers = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5")
    assert [sides[name] for name in layers] == [110, 55, 26, 13, 13, 13, 13, 6]


@pytest.mark.parametrize("side", [222, 255])
def test_images_that_do_not_end_in_6_by_6_maps_are_refused(side):
    with torch.device("meta"):
        network = ZFNet().eval()
    with pytest.raises(ValueError, match="from 223 to 254 pixels"):
        network(torch.empty(1, 3, side, side, device="meta"))


@pytest.mark.parametrize("filters", [(), (384, 384), (384, 0, 256), (1, 2, 3, 4)])
def test_filters_other_than_three_positive_numbers_are_refused(filters):
    with torch.device("meta"), pytest.raises(ValueError, match="filters is"):
        ZFNet(filters=filters)


def test_weights_start_with_a_deviation_of_a_hundredth_and_biases_at_zero():
    torch.manual_seed(0)
    network = cnn_models.build("zfnet", num_classes=10)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            assert layer.weight.std().item() == pytest.approx(0.01, rel=0.03)
            assert layer.bias is not None
            assert not layer.bias.any()
