"""Inception-v3 against its paper's grids, and its auxiliary head."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn

import cnn_models
from cnn_models.families.inception_v3 import InceptionV3, Logits, inception_17
from tests.cnn_models.families.outputs import output_shapes

SPEC = cnn_models.spec("inception_v3")


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("inception_v3", **options)


def images(side: int = 299, number: int = 2) -> Tensor:
    return torch.empty(number, 3, side, side, device="meta")


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_grids_are_those_of_table_1() -> None:
    shapes = output_shapes(on_meta(), SPEC.stages, 299)
    assert shapes["stem"] == (192, 35, 35)
    assert shapes["mixed_5b"] == (256, 35, 35)
    assert shapes["mixed_5c"] == shapes["mixed_5d"] == (288, 35, 35)
    assert shapes["mixed_6a"] == shapes["mixed_6e"] == (768, 17, 17)
    assert shapes["mixed_7a"] == (1280, 8, 8)
    assert shapes["mixed_7b"] == shapes["mixed_7c"] == (2048, 8, 8)


def test_a_seventh_of_the_weights_for_each_half_of_a_7x7() -> None:
    block = inception_17(narrow=128)
    row, column = (block.get_submodule(f"branch3.{part}.conv") for part in (2, 1))
    assert row.get_parameter("weight").shape == (128, 128, 1, 7)
    assert column.get_parameter("weight").shape == (128, 128, 7, 1)
    assert params(row) * 7 == params(column) * 7 == 128 * 128 * 7 * 7


def test_what_5x5_windows_cost_is_what_the_departures_say() -> None:
    network = on_meta()
    wide = [m for m in network.modules() if isinstance(m, nn.Conv2d) and m.kernel_size == (5, 5)]
    more = sum(m.weight.numel() * 16 // 25 for m in wide)
    assert (len(wide), more) == (3, 3 * 16 * 48 * 64)
    assert f"{more:,} weights more" in " ".join(SPEC.departures)


def test_the_xception_papers_count_is_as_much_lower_as_the_departures_say() -> None:
    assert f"{SPEC.exact_params - 23_626_728:,} fewer" in " ".join(SPEC.departures)
    assert any(figure.value == "23,626,728" for figure in SPEC.published)


def test_the_auxiliary_head_is_an_option_that_answers_in_training_only() -> None:
    network = on_meta(aux_heads=True)
    assert f"{params(network):,} parameters" in " ".join(SPEC.departures)
    assert params(network) == 27_161_264
    answer = network(images())
    assert isinstance(answer, Logits)
    assert [tuple(part.shape) for part in answer] == [(2, 1000), (2, 1000)]
    network.eval()
    assert isinstance(network(images()), Tensor)
    assert fx.symbolic_trace(network)(images()).shape == (2, 1000)
    assert isinstance(on_meta()(images()), Tensor)


def test_both_losses_reach_the_whole_network() -> None:
    network = on_meta(aux_heads=True)
    answer = network(images())
    assert isinstance(answer, Logits)
    (answer.logits + answer.aux).sum().backward()
    assert all(p.grad is not None for p in network.parameters())


def test_the_auxiliary_head_refuses_smaller_images_while_it_trains() -> None:
    network = on_meta(aux_heads=True)
    message = r"298 × 298; InceptionV3 takes sides of at least 299 pixels in training mode\.$"
    with pytest.raises(ValueError, match=message):
        network(images(298))
    network.eval()
    assert network(images(75)).shape == (2, 1000)
    with pytest.raises(ValueError, match=r"74 × 74; .* at least 75 pixels\.$"):
        network(images(74))
    unguarded = on_meta(aux_heads=True)
    unguarded._forward_pre_hooks.clear()
    with pytest.raises(RuntimeError, match="greater than actual input size"):
        unguarded(images(298))


def test_dropout_is_50_percent_and_in_training_only() -> None:
    head = on_meta().get_submodule("dropout")
    assert isinstance(head, nn.Dropout)
    assert head.p == 0.5
    with pytest.raises(ValueError, match="dropout is 1; it is at least 0 and less than 1"):
        on_meta(dropout=1)


def test_weights_start_with_a_variance_of_2_over_the_inputs_of_a_unit() -> None:
    torch.manual_seed(0)
    block = InceptionV3(10).get_submodule("mixed_6b")
    for name in ("branch1", "branch3.1", "branch4.1"):
        weight = block.get_submodule(f"{name}.conv").get_parameter("weight")
        assert weight.std().item() == pytest.approx(math.sqrt(2 / weight[0].numel()), rel=0.03)
