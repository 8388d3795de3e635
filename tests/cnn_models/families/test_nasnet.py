"""NASNet-A: counts from Figures 2 and 4 by hand, TensorFlow's padding, the paper's options."""

import math
from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.blocks.cell_network import Logits
from cnn_models.blocks.cells import SamePadding
from cnn_models.blocks.drop_branch import DropBranch


def separable(kernel: int, channels: int) -> int:
    """Weights of a separable convolution that is applied twice."""
    return 2 * (kernel**2 * channels + channels**2)


class ByHand:
    """Parameters and multiply-adds of one network, cell by cell.

    `last` and `before` are (channels, side) of the outputs of the last two cells.
    """

    def __init__(self, stem: int, side: int) -> None:
        self.params = 27 * stem + 2 * stem
        self.macs = 27 * stem * side**2
        self.last = self.before = (stem, side)

    def _fit(self, channels: int) -> tuple[int, int]:
        """Weights and batch norm of the two projections, and their multiply-adds."""
        weights = (self.last[0] + self.before[0]) * channels
        self.params += weights + 2 * 2 * channels
        self.macs += weights * self.last[1] ** 2
        return self.last

    def normal(self, channels: int) -> None:
        last = self._fit(channels)
        weights = 2 * separable(5, channels) + 3 * separable(3, channels)
        self.params += weights + 5 * 2 * 2 * channels
        self.macs += weights * last[1] ** 2
        self.last, self.before = (6 * channels, last[1]), last

    def reduction(self, channels: int, bypass: bool = False) -> None:
        last, half = self._fit(channels), math.ceil(self.last[1] / 2)
        weights = 2 * separable(5, channels) + 2 * separable(7, channels) + separable(3, channels)
        self.params += weights + 5 * 2 * 2 * channels
        self.macs += weights * half**2
        self.last, self.before = (4 * channels, half), self.before if bypass else last

    def first_reduction(self, channels: int) -> None:
        """The cell on the first convolution, which reads that as h[i-1] without a projection."""
        (stem, side), half = self.last, math.ceil(self.last[1] / 2)
        on_last = separable(5, channels) + separable(3, channels)
        raw = sum(k**2 * (stem + channels) + (stem + channels) * channels for k in (5, 7, 7))
        self.params += stem * channels + on_last + raw + 11 * 2 * channels
        self.macs += stem * channels * side**2 + (on_last + raw) * half**2
        self.last, self.before = (4 * channels, half), self.last

    def body(self, cells: int, channels: int, bypass: bool, classes: int) -> tuple[int, int]:
        for stage in range(3):
            if stage:
                self.reduction(channels * 2**stage, bypass)
            for _ in range(cells):
                self.normal(channels * 2**stage)
        linear = self.last[0] * classes
        return self.params + linear + classes, self.macs + linear


def imagenet(cells: int, channels: int, stem: int, side: int, bypass: bool) -> tuple[int, int]:
    network = ByHand(stem, (side - 1) // 2)
    network.first_reduction(channels // 4)
    network.reduction(channels // 2)
    return network.body(cells, channels, bypass, classes=1000)


@pytest.mark.parametrize(
    ("key", "counted", "printed"),
    [
        ("nasnet_a_large", imagenet(6, 168, 96, 331, bypass=True), (88.8e6, 23.8e9)),
        ("nasnet_a_mobile", imagenet(4, 44, 32, 224, bypass=False), (5.3e6, 564e6)),
        ("cifar_nasnet_a_6_768", ByHand(96, 32).body(6, 32, False, 10), (3.3e6, None)),
    ],
)
def test_counts_of_figures_2_and_4_by_hand(key, counted, printed):
    spec = cnn_models.spec(key)
    assert (spec.exact_params, spec.exact_macs) == counted
    assert round(counted[0] / 1e6, 1) * 1e6 == pytest.approx(printed[0])
    if printed[1] is not None:
        assert float(f"{counted[1]:.3g}") == printed[1]


def test_what_pytorchcv_computes_and_cuts_off_in_the_mobile_network():
    """Its separable convolutions on maps of even size make one row and one column more."""
    cut_off = 0
    for channels, side in ((22, 28), (88, 14), (176, 7)):
        windows = sum(k**2 for k in (5, 7, 7, 5, 3))
        cut_off += (2 * side + 1) * (windows * channels + 5 * channels**2)
    assert cut_off == 4_596_042
    assert (cnn_models.spec("nasnet_a_mobile").exact_macs or 0) + cut_off == 568_234_858


def test_the_first_cell_of_the_authors_cifar_network_has_more_parameters():
    """It reads 96 channels as they are, in three convolutions, and projects four results."""
    wider = sum(k**2 * 64 + 64 * 32 for k in (3, 5, 3))
    projected = 96 * 32 + 2 * 32
    assert 3_328_234 + wider + 4 * projected - projected == 3_346_538
    assert any("3,346,538" in text for text in cnn_models.spec("cifar_nasnet_a_6_768").departures)


@pytest.mark.parametrize("kernel", [3, 5, 7])
@pytest.mark.parametrize("side", range(1, 9))
def test_padding_is_that_of_tensorflow(kernel, side):
    outputs = math.ceil(side / 2)
    missing = max((outputs - 1) * 2 + kernel - side, 0)
    image = torch.ones(1, 1, side, side + 1)
    padded = SamePadding(kernel)(image)
    row = padded[0, 0].sum(dim=1).bool().long()
    assert int(row.argmax()) == missing // 2
    assert nn.MaxPool2d(kernel, 2)(padded).shape[2:] == (outputs, math.ceil((side + 1) / 2))


def small(**options: object) -> Any:
    return cnn_models.build("cifar_nasnet_a_6_768", **{"cells": 1, "filters": 96, **options})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cells": 0}, "cells is 0; it is at least 1"),
        ({"filters": 100}, "filters is 100; .* multiple of 96"),
        ({"filters": 0}, "filters is 0"),
        ({"drop_path": 1.0}, "drop_path is 1.0; it is at least 0 and less than 1"),
        ({"dropout": 1.0}, "dropout is 1.0"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        cnn_models.build("nasnet_a_large", **options)


def test_cells_and_filters_are_the_n_and_p_of_the_paper():
    with torch.device("meta"):
        network: Any = cnn_models.build("nasnet_a_large", cells=7, filters=1920)
    assert network.fc.in_features == 1920
    assert sum(name.startswith("normal_") for name in network.cells) == 3 * 7


@pytest.mark.parametrize(
    ("key", "with_head"),
    [
        ("nasnet_a_large", 93_320_934),
        ("nasnet_a_mobile", 7_701_218),
        ("cifar_nasnet_a_6_768", 4_959_732),
    ],
)
def test_the_auxiliary_head_answers_in_training_only(key, with_head):
    spec = cnn_models.spec(key)
    with torch.device("meta"):
        network: Any = cnn_models.build(key, aux_heads=True)
        images = torch.empty(2, *spec.input_shape)
    assert sum(p.numel() for p in network.parameters()) == with_head
    answer = network.train()(images)
    assert isinstance(answer, Logits)
    assert answer.logits.shape == answer.aux.shape == (2, spec.num_classes)
    assert isinstance(network.eval()(images), torch.Tensor)


def paths(network: Any) -> list[list[float]]:
    """Survival of the paths of each cell."""
    return [
        [part.survival for part in cell.modules() if isinstance(part, DropBranch)]
        for cell in network.cells.values()
    ]


def test_paths_are_dropped_more_often_with_depth_and_with_the_training():
    network = small(drop_path=0.4)
    shares = [number / 5 for number in range(1, 6)]  # three normal and two reduction cells
    assert [p[0] for p in paths(network)] == pytest.approx([1 - 0.4 * s for s in shares])
    network.schedule_drop_path(0.5)
    assert [p[0] for p in paths(network)] == pytest.approx([1 - 0.2 * s for s in shares])
    network.schedule_drop_path(0)
    assert {survival for cell in paths(network) for survival in cell} == {1}
    with pytest.raises(ValueError, match="progress is 2; it goes from 0 to 1"):
        network.schedule_drop_path(2)


def test_a_dropped_path_leaves_the_identity_beside_it():
    torch.manual_seed(0)
    block = (
        small(drop_path=0.9).cells["normal_0"].blocks[4]
    )  # a separable convolution of h[i] + h[i]
    block.drop.survival = 1e-9
    states = torch.randn(2, 4, 8, 8)
    assert torch.equal(block.train()(states, states), states)
    assert not torch.equal(block.eval()(states, states), states)


@pytest.mark.parametrize(
    ("key", "next_cell", "bypass"),
    [("nasnet_a_large", "normal_6", True), ("nasnet_a_mobile", "normal_4", False)],
)
def test_what_the_cell_after_a_reduction_reads(key, next_cell, bypass):
    seen = {}
    with torch.device("meta"):
        network: Any = cnn_models.build(key).eval()
        for name in ("reduction_0", next_cell):
            network.cells[name].register_forward_pre_hook(
                lambda _, inputs, name=name: seen.update({name: inputs})
            )
        network(torch.empty(1, *cnn_models.spec(key).input_shape))
    last, before = seen["reduction_0"]
    assert seen[next_cell][1] is (before if bypass else last)


def test_weights_start_with_the_variance_of_the_authors_code():
    torch.manual_seed(0)
    cell = small(filters=768).requires_grad_(False).cells["normal_2"]
    depthwise = cell.blocks[0].left.depthwise1.weight  # 128 filters of 5 × 5
    pointwise = cell.blocks[0].left.pointwise1.weight
    assert depthwise.std().item() == pytest.approx(math.sqrt(2 / 25), rel=0.05)
    assert pointwise.std().item() == pytest.approx(math.sqrt(2 / 128), rel=0.05)
    assert cell.fit_last.conv.weight.std().item() == pytest.approx(math.sqrt(2 / 128), rel=0.05)
