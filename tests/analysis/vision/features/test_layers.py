"""Which layers are offered, and that each is run as what it is."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.structure import graph
from analysis.vision.features.layers import (
    graph_at,
    layers_with_maps,
    readers,
    route_at,
    telling,
)
from analysis.vision.features.maps import strongest
from analysis.vision.route import route_through


class Reused(nn.Module):
    """One convolution and one ReLU, each used twice, a function, and maps with channels last."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.relu = nn.Conv2d(2, 2, 3, padding=1), nn.ReLU(inplace=True)
        self.norm = nn.LayerNorm(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.conv(x))
        x = self.relu(self.conv(x))
        x = F.max_pool2d(x, 2).permute(0, 2, 3, 1)
        return self.norm(x).permute(0, 3, 1, 2).mean((2, 3))


def names(model: nn.Module, shape: tuple[int, ...]) -> list[str]:
    return [op.name for op in layers_with_maps(graph.trace(model, shape))]


def test_each_use_is_a_layer_and_channels_last_are_none() -> None:
    found = names(Reused(), (2, 8, 8))
    assert found[:5] == ["conv", "relu", "conv#2", "relu#2", "max_pool2d"]
    assert "norm" not in found
    assert len(found) == 6  # the permutation that brings the channels back is one more


def test_the_second_use_of_a_module_has_maps_of_its_own() -> None:
    model = Reused().eval()
    x = torch.randn(1, 2, 8, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        first = model.conv(x)
        second = model.conv(first.clamp(min=0))
    for name, expected in (("conv", first), ("conv#2", second)):
        found = strongest(model, route_through(model, (2, 8, 8), name), x)
        torch.testing.assert_close(
            torch.from_numpy(found.shown), expected[0, list(found.channels)], msg=name
        )


def test_gates_and_scores_are_not_offered() -> None:
    found = layers_with_maps(graph_at("cifar_se_resnet20", (3, 32, 32)))
    assert all(op.output_shape[1] * op.output_shape[2] > 1 for op in found)
    assert any(op.kind == "multiplication" for op in found)
    assert not any(op.kind in ("sigmoid", "linear", "flatten") for op in found)


def test_convnext_offers_only_maps_with_their_channels_first() -> None:
    found = layers_with_maps(graph_at("convnext_tiny", (3, 224, 224)))
    # 3 blocks of 96 channels on 56 × 56 maps and so on; the linear layers would be (56, 56, 384)
    assert {op.output_shape[0] for op in found} == {96, 192, 384, 768}
    assert not any(op.kind in ("linear", "GELU") for op in found)


@pytest.mark.parametrize(
    ("key", "shape", "width"),
    [("cifar_resnet20", (3, 32, 32), 16), ("vgg16", (3, 224, 224), 112)],
)
def test_the_default_is_an_activation_that_sees_half_the_side(key, shape, width) -> None:
    traced = graph_at(key, shape)
    op = telling(traced)
    assert op is not None
    assert op.kind == "ReLU"
    assert op.receptive_field is not None
    assert width / 2 < max(op.receptive_field.size) <= width


def test_a_network_is_read_at_the_size_of_its_pictures() -> None:
    """The MobileNet that ships learned from 64 × 64 pixels, its paper's from 224 × 224."""
    op = graph_at("mobilenet_v1_x0_25", (3, 64, 64)).operation("stem.conv")
    assert op.output_shape == (8, 32, 32)
    assert route_at("mobilenet_v1_x0_25", (3, 64, 64), "stem.conv").input_shape == (3, 64, 64)


def test_every_column_of_a_fractal_reads_the_image() -> None:
    assert len(readers(graph_at("fractalnet_c4_cifar", (3, 32, 32)))) == 4
    assert len(readers(graph_at("lenet5_modern", (1, 32, 32)))) == 1
