"""Stochastic depth: what is dropped in training, what is scaled at test time, and how often."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

import cnn_models
from cnn_models.families.stochastic_depth import (
    CifarStochasticDepth,
    StochasticBlock,
    StochasticBottleneck,
    StochasticDepth,
)

KEYS = ["cifar_stochastic_depth110", "stochastic_depth152"]


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options)


def survivals(network: nn.Module) -> list[float]:
    kinds = (StochasticBlock, StochasticBottleneck)
    return [m.survival for m in network.modules() if isinstance(m, kinds)]


def calls_of(module: nn.Module) -> list[int]:
    """A list that grows with each call of `module`."""
    calls: list[int] = []
    module.register_forward_hook(lambda *_: calls.append(1))
    return calls


@pytest.mark.parametrize(("key", "blocks"), [(KEYS[0], 54), (KEYS[1], 50)])
def test_survival_falls_in_a_line_to_a_half(key, blocks):
    found = survivals(on_meta(key))
    assert found == pytest.approx([1 - n / blocks / 2 for n in range(1, blocks + 1)])


def test_forty_blocks_of_54_work_on_average():
    # Section 3: E = (3 L - 1) / 4.
    assert sum(survivals(on_meta(KEYS[0]))) == pytest.approx((3 * 54 - 1) / 4)


def test_another_survival_probability_is_that_of_the_last_block():
    found = survivals(on_meta(KEYS[0], survival=0.2))
    assert found[-1] == pytest.approx(0.2)
    assert found[26] == pytest.approx(0.6)
    assert survivals(on_meta(KEYS[0], survival=1)) == [1] * 54


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("survival", [0, -1, 1.5])
def test_a_survival_out_of_range_is_refused(key, survival):
    with pytest.raises(ValueError, match=rf"survival is {survival}; it is over 0 and up to 1\."):
        on_meta(key, survival=survival)


BLOCKS = [StochasticBlock(8, 8, 1), StochasticBottleneck(8, 2, 1)]


@pytest.mark.parametrize("block", BLOCKS, ids=["basic", "bottleneck"])
def test_a_dropped_branch_is_not_computed(block):
    x = torch.randn(4, 8, 5, 5)
    block.survival = 0.0
    calls = calls_of(block.conv1)
    assert torch.equal(block.train()(x), F.relu(x))
    assert calls == []
    block.survival = 1.0
    assert torch.equal(block(x), F.relu(block.branch(x) + x))


@pytest.mark.parametrize("block", BLOCKS, ids=["basic", "bottleneck"])
def test_at_test_time_the_branch_is_scaled_by_its_survival(block):
    x = torch.randn(4, 8, 5, 5)
    block.survival = 0.25
    assert torch.equal(block.eval()(x), F.relu(0.25 * block.branch(x) + x))


def test_a_block_is_there_as_often_as_its_survival_says():
    torch.manual_seed(0)
    block, x = StochasticBlock(2, 2, 1).train(), torch.randn(1, 2, 3, 3)
    block.survival = 0.7
    calls = calls_of(block.conv1)
    for _ in range(1000):
        block(x)
    assert 650 < len(calls) < 750  # 700, with a deviation of 14.5


def test_dropping_decides_for_the_whole_mini_batch():
    torch.manual_seed(0)
    block, x = StochasticBlock(2, 2, 1).train(), torch.randn(64, 2, 3, 3)
    block.survival = 0.5
    for _ in range(20):
        dropped = block(x).eq(F.relu(x)).flatten(1).all(dim=1)
        assert dropped.all() or not dropped.any()


def test_a_dropped_block_learns_nothing_from_the_batch():
    torch.manual_seed(0)
    network = CifarStochasticDepth(20, num_classes=3)
    blocks = [m for m in network.modules() if isinstance(m, StochasticBlock)]
    for number, block in enumerate(blocks):
        block.survival = float(number % 2)
    network(torch.randn(2, 3, 8, 8)).square().sum().backward()
    for number, block in enumerate(blocks):
        assert (block.conv1.weight.grad is None) == (number % 2 == 0)


def test_the_whole_network_answers_alike_each_time_in_evaluation_only():
    torch.manual_seed(0)
    network, x = CifarStochasticDepth(20), torch.randn(2, 3, 8, 8)
    network.eval()
    assert torch.equal(network(x), network(x))
    network.train()
    assert not torch.equal(network(x), network(x))


def test_the_shortcut_averages_where_the_map_is_halved():
    block = StochasticBlock(2, 5, 2)
    block.survival = 0.0
    x = torch.rand(1, 2, 6, 6)
    y: Tensor = block.train()(x)
    torch.testing.assert_close(y[:, :2], F.avg_pool2d(x, 2))
    assert not y[:, 2:].any()


@pytest.mark.parametrize("side", [1, 2, 7, 9])
def test_odd_sizes_are_halved_and_rounded_up(side):
    block, x = StochasticBlock(2, 4, 2).eval(), torch.rand(1, 2, side, side)
    assert block(x).shape == (1, 4, -(-side // 2), -(-side // 2))


def test_with_certain_survival_it_is_resnet():
    torch.manual_seed(0)
    stochastic = StochasticDepth(50, num_classes=4, survival=1.0).eval()
    resnet = cnn_models.build("resnet50_v1_5", num_classes=4).eval()
    resnet.load_state_dict(stochastic.state_dict())
    x = torch.randn(1, 3, 32, 32)
    with torch.inference_mode():
        torch.testing.assert_close(stochastic(x), resnet(x))


@pytest.mark.parametrize(
    ("key", "like"), [(KEYS[0], "cifar_resnet110"), (KEYS[1], "resnet152_v1_5")]
)
def test_dropping_adds_neither_parameters_nor_work(key, like):
    here, there = cnn_models.spec(key), cnn_models.spec(like)
    assert (here.exact_params, here.exact_macs) == (there.exact_params, there.exact_macs)


def test_the_biases_of_the_authors_code_are_what_the_departures_say():
    network, spec = on_meta(KEYS[0]), cnn_models.spec(KEYS[0])
    outputs = sum(m.out_channels for m in network.modules() if isinstance(m, nn.Conv2d))
    assert outputs == 37 * 16 + 36 * 32 + 36 * 64
    said = f"{spec.exact_params + outputs:,} parameters, {outputs:,} more than here."
    assert said in " ".join(spec.departures)


def test_the_stride_of_resnet_152_is_what_the_departures_say():
    here = (cnn_models.spec(KEYS[1]).exact_macs or 0) / 1e9
    paper = (cnn_models.spec("resnet152").exact_macs or 0) / 1e9
    (said,) = cnn_models.spec(KEYS[1]).departures
    assert f"{here:.3f} × 10⁹ multiply-adds" in said
    assert f"has {paper:.3f} × 10⁹" in said


def test_the_convolutions_start_as_in_resnet():
    torch.manual_seed(0)
    weight = cnn_models.build(KEYS[0]).get_parameter("layer3.1.conv2.weight")
    assert weight.std().item() == pytest.approx((2 / (9 * 64)) ** 0.5, rel=0.02)
