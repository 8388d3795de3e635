"""Which blocks are found, and what a network computes without them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import graph
from analysis.vision.paths.blocks import Blocks, blocks_of
from analysis.vision.paths.off import predict_without, without
from analysis.vision.probe import Shared

# How many residual blocks the papers' tables have: all of them are to be found.
RESIDUAL = {
    "resnet18": 8,
    "resnet50": 16,
    "cifar_resnet20": 9,
    "cifar_stochastic_depth110": 54,
    "cifar_wrn_16_4": 6,
    "resnext50_32x4d": 16,
    "mobilenet_v3_small": 6,
    "cifar_se_resnet20": 9,
    "xception": 12,
    "squeezenet_simple_bypass": 4,
    "squeezenet_complex_bypass": 8,
    "mobilenet_v2": 10,
    "shufflenet_v1_g3": 13,
    "mnasnet1_0": 10,
    "regnet_y_400mf": 16,
    "efficientnet_b0": 9,
}
PLAIN = {"cifar_plain20": 7, "vgg16": 9, "alexnet": 1, "mobilenet_v1_x0_25": 8, "lenet5_modern": 0}


def weightless(key: str) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key).eval()


def found(key: str) -> tuple[nn.Module, Blocks]:
    model = weightless(key)
    return model, blocks_of(graph.trace(model, cnn_models.spec(key).input_shape))


@pytest.mark.parametrize(("key", "number"), RESIDUAL.items())
def test_residual_blocks_are_found_and_can_all_be_off(key: str, number: int) -> None:
    model, blocks = found(key)
    assert len(blocks.removable) == number
    assert all(block.residual for block in blocks.removable)
    assert len({block.name for block in blocks.removable}) == number
    x = torch.zeros(1, *cnn_models.spec(key).input_shape, device="meta")
    with torch.no_grad(), without(model, blocks.removable) as network:
        assert network(x).shape == (1, cnn_models.spec(key).num_classes)


@pytest.mark.parametrize(("key", "number"), PLAIN.items())
def test_plain_networks_skip_what_keeps_its_shape(key: str, number: int) -> None:
    model, blocks = found(key)
    assert len(blocks.removable) == number
    assert not blocks.residual
    x = torch.zeros(1, *cnn_models.spec(key).input_shape, device="meta")
    with torch.no_grad(), without(model, blocks.removable) as network:
        assert network(x).shape == (1, cnn_models.spec(key).num_classes)


@pytest.mark.parametrize("key", ["fractalnet_c2_cifar", "cifar_nas_v3"])
def test_paths_with_an_activation_on_each_side_are_no_residual_blocks(key: str) -> None:
    assert not found(key)[1].residual


def test_sentences_say_what_stays() -> None:
    assert found("lenet5_modern")[1].sentence().startswith("No block of this network")
    plain = found("cifar_plain20")[1]
    assert "7 blocks can be" in plain.sentence()
    assert "`layer2.0` and `layer3.0`" in plain.sentence()
    residual = found("cifar_resnet20")[1].sentence()
    assert "the identity in 7" in residual
    assert "smaller maps with zeros for new channels in 2" in residual


def resnet20() -> Any:
    """Random weights, and running statistics that make batch norm do something."""
    torch.manual_seed(0)
    model = cnn_models.build("cifar_resnet20").eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.get_buffer("running_mean"), 0, 0.1)
            nn.init.uniform_(module.get_buffer("running_var"), 0.5, 1.5)
    return model


BLOCKS = found("cifar_resnet20")[1].removable
IMAGES = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def by_hand(model: Any, gone: set[str]) -> torch.Tensor:
    """ResNet-20 as the paper draws it, without the branches of some blocks."""
    x = model.relu(model.bn1(model.conv1(IMAGES)))
    for stage in (1, 2, 3):
        for number, block in enumerate(getattr(model, f"layer{stage}")):
            identity = x if block.downsample is None else block.downsample(x)
            alone = f"layer{stage}.{number}" in gone
            x = torch.relu(identity if alone else block.branch(x) + identity)
    return model.fc(model.avgpool(x).flatten(1))


@pytest.mark.parametrize("gone", [{"layer1.1"}, {"layer2.0"}, {"layer1.0", "layer3.0", "layer3.2"}])
def test_without_blocks_it_computes_what_is_left_bit_by_bit(gone: set[str]) -> None:
    model = resnet20()
    chosen = [block for block in BLOCKS if block.name in gone]
    with torch.no_grad():
        expected = by_hand(model, gone)
        with without(model, chosen) as network:
            assert torch.equal(network(IMAGES), expected)
        assert not torch.equal(model(IMAGES), expected)


def test_a_block_of_a_plain_network_is_skipped() -> None:
    torch.manual_seed(0)
    model: Any = cnn_models.build("cifar_plain20").eval()
    block = next(b for b in found("cifar_plain20")[1].removable if b.name == "layer2.1")
    with torch.no_grad():
        x = model.layer1(model.relu(model.bn1(model.conv1(IMAGES))))
        x = model.layer2[2](model.layer2[0](x))
        expected = model.fc(model.avgpool(model.layer3(x)).flatten(1))
        with without(model, [block]) as network:
            assert torch.equal(network(IMAGES), expected)


def test_with_all_blocks_it_is_itself() -> None:
    model = resnet20()
    with torch.no_grad():
        expected = model(IMAGES)
        with without(model, []) as network:
            assert torch.equal(network(IMAGES), expected)


def test_a_branch_of_zeros_is_not_missed() -> None:
    model = resnet20()
    nn.init.zeros_(model.layer2[1].bn2.weight)
    nn.init.zeros_(model.layer2[1].bn2.bias)
    block = next(b for b in BLOCKS if b.name == "layer2.1")
    with torch.no_grad():
        expected = model(IMAGES)
        with without(model, [block]) as network:
            assert torch.equal(network(IMAGES), expected)


def test_a_block_that_changes_the_shape_is_refused() -> None:
    model = cnn_models.build("cifar_plain20").eval()
    (block, *_), stays = found("cifar_plain20")[1].removable, "layer2.0"
    changes = type(block)(stays, (stays,), "", residual=False)
    with (
        without(model, [changes]) as network,
        pytest.raises(ValueError, match=r"32, 16, 16\) of \(16, 32, 32\) cannot be left out"),
    ):
        network(IMAGES)
    missing = type(block)("layer9", ("layer9",), "", residual=False)
    with pytest.raises(ValueError, match="no module 'layer9'"), without(model, [missing]):
        pass


def test_the_network_is_put_back_after_a_failure() -> None:
    model = resnet20()
    with pytest.raises(KeyError), without(model, BLOCKS):
        raise KeyError
    assert not any(module._forward_hooks for module in model.modules())
    with torch.no_grad():
        assert torch.equal(model(IMAGES), by_hand(model, set()))


def test_eight_threads_get_eight_answers() -> None:
    shared = Shared(resnet20())
    sets = [BLOCKS[:n] for n in range(8)]
    expected = [predict_without(shared, IMAGES, blocks) for blocks in sets]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda blocks: predict_without(shared, IMAGES, blocks), sets))
    assert all((a == e).all() for a, e in zip(answers, expected, strict=True))
    assert len({answer.tobytes() for answer in answers}) == 8
