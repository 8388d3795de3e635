"""Inception-v4 against the sizes and channels of Figures 3 to 9."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.blocks.branches import SideBySide
from tests.cnn_models.families.outputs import output_shapes

SPEC = cnn_models.spec("inception_v4")


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("inception_v4", **options)


def test_sizes_and_channels_are_those_of_the_figures() -> None:
    stem = tuple(f"stem.{part}" for part in range(6))
    shapes = output_shapes(on_meta(), (*stem, *SPEC.stages), 299)
    assert [shapes[part] for part in stem] == [
        (32, 149, 149),
        (32, 147, 147),
        (64, 147, 147),
        (160, 73, 73),
        (192, 71, 71),
        (384, 35, 35),
    ]
    assert shapes["inception_a"] == (384, 35, 35)
    assert shapes["reduction_a"] == shapes["inception_b"] == (1024, 17, 17)
    assert shapes["reduction_b"] == shapes["inception_c"] == (1536, 8, 8)


def test_the_stem_joins_branches_at_three_places_and_the_blocks_repeat_4_7_and_3_times() -> None:
    network = on_meta()
    joins = [type(part) for part in network.get_submodule("stem").children()]
    assert joins.count(SideBySide) == 3
    counts = [len(list(network.get_submodule(f"inception_{x}").children())) for x in "abc"]
    assert counts == [4, 7, 3]


def test_one_a_block_by_hand() -> None:
    convs = (  # Figure 4: inputs, outputs, window
        (384, 96, 1),
        (384, 64, 1),
        (64, 96, 9),
        (384, 64, 1),
        (64, 96, 9),
        (96, 96, 9),
        (384, 96, 1),
    )
    by_hand = sum(i * o * window + 2 * o for i, o, window in convs)
    block = on_meta().get_submodule("inception_a.0")
    assert sum(p.numel() for p in block.parameters()) == by_hand


def test_averages_do_not_count_the_padding() -> None:
    block = on_meta().get_submodule("inception_b.0.branch4.0")
    assert isinstance(block, nn.AvgPool2d)
    corner = block(torch.ones(1, 1, 5, 5))[0, 0, 0, 0]
    assert corner == 1


def test_dropout_keeps_80_percent_and_is_an_option() -> None:
    drop = on_meta().get_submodule("dropout")
    assert isinstance(drop, nn.Dropout)
    assert drop.p == pytest.approx(1 - 0.8)
    other = on_meta(dropout=0.0).get_submodule("dropout")
    assert isinstance(other, nn.Dropout)
    assert other.p == 0
