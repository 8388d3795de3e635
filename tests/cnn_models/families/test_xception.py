"""Xception against Figure 5, counted by hand, and the comparisons of its paper."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.xception import Xception
from tests.cnn_models.families.outputs import output_shapes

SPEC = cnn_models.spec("xception")


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("xception", **options)


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def plain(inputs: int, outputs: int, window: int, side: int) -> tuple[int, int]:
    """Parameters with those of batch norm, and multiply-adds."""
    return inputs * outputs * window + 2 * outputs, inputs * outputs * window * side**2


def separable(inputs: int, outputs: int, side: int) -> tuple[int, int]:
    weights = inputs * 9 + inputs * outputs
    return weights + 2 * outputs, weights * side**2


def test_figure_5_by_hand() -> None:
    layers = [
        plain(3, 32, 9, 149),
        plain(32, 64, 9, 147),
        separable(64, 128, 147),
        separable(128, 128, 147),
        plain(64, 128, 1, 74),
        separable(128, 256, 74),
        separable(256, 256, 74),
        plain(128, 256, 1, 37),
        separable(256, 728, 37),
        separable(728, 728, 37),
        plain(256, 728, 1, 19),
        *24 * [separable(728, 728, 19)],
        separable(728, 728, 19),
        separable(728, 1024, 19),
        plain(728, 1024, 1, 10),
        separable(1024, 1536, 10),
        separable(1536, 2048, 10),
        (2048 * 1000 + 1000, 2048 * 1000),
    ]
    assert sum(p for p, _ in layers) == SPEC.exact_params
    assert sum(m for _, m in layers) == SPEC.exact_macs
    assert [f.value for f in SPEC.published if f.quantity == "parameters"] == ["22,855,952"]


def test_36_convolutions_in_14_modules() -> None:
    network = on_meta()
    separables = [n for n, _ in network.named_modules() if n.endswith("depthwise")]
    assert 2 + len(separables) == 36  # the two of the stem are plain
    modules = {n.split(".convs")[0].rsplit(".depthwise", 1)[0] for n in separables}
    assert len(modules - {"exit.1", "exit.2"}) + 2 == 14  # the stem and the end are one each


def test_sizes_are_those_of_figure_5() -> None:
    shapes = output_shapes(on_meta(), SPEC.stages[:-1], 299)
    assert [*shapes.values()] == [
        (64, 147, 147),
        (128, 74, 74),
        (256, 37, 37),
        (728, 19, 19),
        (728, 19, 19),
        (2048, 10, 10),
    ]


def test_without_residual_connections_the_projections_are_gone() -> None:
    projections = ((64, 128), (128, 256), (256, 728), (728, 1024))
    saved = sum(i * o + 2 * o for i, o in projections)
    assert params(on_meta(residual=False)) == SPEC.exact_params - saved
    block = Xception(2, residual=False).get_submodule("middle.0").eval()
    for norm in (m for m in block.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.zeros_(norm.weight)
    assert not block(torch.rand(1, 728, 3, 3)).any()


@pytest.mark.parametrize(("between", "kind"), [("relu", nn.ReLU), ("elu", nn.ELU)])
def test_an_activation_between_depthwise_and_pointwise(between: str, kind: type) -> None:
    network = on_meta(between=between).eval()
    found = [m for n, m in network.named_modules() if n.endswith(".between")]
    assert len(found) == 34
    assert all(isinstance(m, kind) for m in found)
    assert params(network) == SPEC.exact_params
    assert network(torch.empty(1, 3, 71, 71, device="meta")).shape == (1, 1000)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="between is 'tanh'; it is 'none', 'relu' or 'elu'"):
        on_meta(between="tanh")
    with pytest.raises(ValueError, match=r"dropout is 1\.5; it is at least 0"):
        on_meta(dropout=1.5)


@pytest.mark.parametrize(("between", "pointwise"), [("none", 1), ("relu", 2)])
def test_weights_start_so_that_the_variance_stays(between: str, pointwise: int) -> None:
    torch.manual_seed(0)
    unit = Xception(10, between=between).get_submodule("middle.3.convs.1").eval()
    for name, gain in (("depthwise", 2), ("pointwise", pointwise)):
        weight = unit.get_submodule(name).get_parameter("weight")
        assert weight.std().item() == pytest.approx(math.sqrt(gain / weight[0].numel()), rel=0.03)
    with torch.inference_mode():
        answer = unit(torch.randn(4, 728, 16, 16))[..., 1:-1, 1:-1]
    assert answer.std().item() == pytest.approx(1, rel=0.15)
