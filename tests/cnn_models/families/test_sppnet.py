"""SPPNet: its pyramid against the formulas of the paper, and images of any size."""

from math import ceil, floor

import pytest
import torch
from torch import Tensor, fx, nn
from torch.nn import functional

import cnn_models
from cnn_models.families.sppnet import PyramidPooling, SPPNet


def test_the_counts_are_those_of_zf_5_with_50_bins():
    convolutions = ((3, 96, 7, 110), (96, 256, 5, 26), (256, 384, 3, 13), (384, 384, 3, 13))
    convolutions = (*convolutions, (384, 256, 3, 13))
    linear = ((50 * 256, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1))
    layers = (*convolutions, *linear)
    spec = cnn_models.spec("sppnet_zf5")
    assert spec.exact_params == sum(i * o * k * k + o for i, o, k, _ in layers)
    assert spec.exact_macs == sum(i * o * k * k * side**2 for i, o, k, side in layers)


def bins_by_hand(maps: Tensor, level: int) -> Tensor:
    """Largest values of the bins from ⌊i·n/level⌋ to ⌈(i + 1)·n/level⌉ of maps (N, C, H, W)."""
    height, width = maps.shape[-2:]
    rows = [(floor(i * height / level), ceil((i + 1) * height / level)) for i in range(level)]
    cols = [(floor(i * width / level), ceil((i + 1) * width / level)) for i in range(level)]
    largest = [maps[..., a:b, c:d].amax(dim=(-2, -1)) for a, b in rows for c, d in cols]
    return torch.stack(largest, dim=-1).flatten(1)


@pytest.mark.parametrize("size", [(13, 13), (10, 10), (7, 19), (2, 5), (1, 1)])
def test_the_bins_are_those_of_the_papers_formula(size):
    maps = torch.randn(2, 4, *size, generator=torch.Generator().manual_seed(0))
    by_hand = torch.cat([bins_by_hand(maps, level) for level in (6, 3, 2, 1)], dim=1)
    assert torch.equal(PyramidPooling((6, 3, 2, 1))(maps), by_hand)


@pytest.mark.parametrize("level", [6, 3, 2, 1])
def test_at_13_pixels_a_level_is_a_sliding_window_of_the_papers_size_and_stride(level):
    maps = torch.randn(1, 3, 13, 13, generator=torch.Generator().manual_seed(0))
    window = functional.max_pool2d(maps, ceil(13 / level), floor(13 / level))
    assert torch.equal(PyramidPooling((level,))(maps), window.flatten(1))


def shape_at(network: nn.Module, height: int, width: int) -> torch.Size:
    return network(torch.empty(1, 3, height, width, device="meta")).shape


@pytest.mark.parametrize("size", [(31, 31), (180, 180), (224, 224), (224, 500), (640, 480)])
def test_any_size_from_31_pixels_on_gives_as_many_answers(size):
    with torch.device("meta"):
        network = SPPNet(num_classes=20).eval()
    assert shape_at(network, *size) == (1, 20)
    assert shape_at(fx.symbolic_trace(network), *size) == (1, 20)


def test_images_that_the_convolutions_cannot_take_are_refused():
    with torch.device("meta"):
        network = SPPNet().eval()
    with pytest.raises(ValueError, match=r"30 × 400; SPPNet takes sides of at least 31 pixels"):
        shape_at(network, 30, 400)


def test_the_pyramid_of_30_bins_leaves_fc6_fewer_inputs_than_zfnet_has():
    with torch.device("meta"):
        fc6 = SPPNet(levels=(4, 3, 2, 1)).get_submodule("classifier.fc6")
    assert isinstance(fc6, nn.Linear)
    assert fc6.in_features == 7680 < 9216


@pytest.mark.parametrize("levels", [(), (0,), (3, 3), (4, -1)])
def test_levels_that_make_no_pyramid_are_refused(levels):
    with torch.device("meta"), pytest.raises(ValueError, match="levels is"):
        SPPNet(levels=levels)


def test_the_biases_start_as_in_the_authors_release():
    torch.manual_seed(0)
    network = cnn_models.build("sppnet_zf5", num_classes=10)
    layers = {n: m for n, m in network.named_modules() if isinstance(m, nn.Conv2d | nn.Linear)}
    starts = {}
    for name, layer in layers.items():
        assert layer.weight.std().item() == pytest.approx(0.01, rel=0.03)
        assert layer.bias is not None
        starts[name.split(".")[1]] = layer.bias.unique().tolist()
    ones = {"conv2", "conv4", "conv5", "fc6", "fc7"}
    assert starts == {name: [float(name in ones)] for name in starts}
    assert len(starts) == 8
