"""DenseNet's reuse map, on weights that are planted."""

from typing import Any

import numpy as np
import pytest
import torch

import cnn_models
from analysis.structure import graph
from analysis.vision.paths import reuse
from cnn_models.families.densenet import DenseNet


def small(bottleneck: int | None = None, compression: float = 1.0) -> Any:
    torch.manual_seed(0)
    return DenseNet(
        10, growth=4, blocks=(3, 2), bottleneck=bottleneck, compression=compression, cifar=True
    )


def blocks(model: torch.nn.Module) -> tuple[reuse.DenseBlock, ...]:
    return reuse.dense_blocks(graph.trace(model, (3, 16, 16)))


def test_blocks_are_found_with_what_they_read() -> None:
    first, second = blocks(small())
    assert first.sources == (
        ("stem.conv0", 16),
        ("denseblock1.denselayer1.conv1", 4),
        ("denseblock1.denselayer2.conv1", 4),
        ("denseblock1.denselayer3.conv1", 4),
    )
    assert first.readers[-1] == "transition1.conv"
    assert second.readers[-1] == "classifier"
    assert [maps for _, maps in second.sources] == [28, 4, 4]


@pytest.mark.parametrize("bottleneck", [None, 4], ids=["basic", "BC"])
def test_planted_weights_are_read_where_they_were_put(bottleneck: int | None) -> None:
    model = small(bottleneck, 1.0 if bottleneck is None else 0.5)
    layer = model.denseblock1.denselayer3.conv1
    inputs = model.stem.conv0.out_channels
    with torch.no_grad():
        layer.weight[:, :inputs] = 0.25
        layer.weight[:, inputs : inputs + 4] = -2.0  # what layer 1 adds; the sign does not matter
        layer.weight[:, inputs + 4 :] = 0.5
        model.classifier.weight[:] = 0.125
        model.classifier.weight[:, -4:] = 1.0  # the last layer's maps
    first, second = reuse.reuse_maps(model, blocks(model))
    assert first.weights[:3, 2].tolist() == [0.25, 2.0, 0.5]
    assert np.isnan(first.weights[3, 2])  # no layer reads itself
    assert first.relative[:3, 2].tolist() == [0.125, 1.0, 0.25]
    assert second.weights[:, -1].tolist() == [0.125, 0.125, 1.0]
    assert first.readers == ("1", "2", "3", "transition")
    assert second.readers == ("1", "2", "classifier")
    assert "The classifier reads layer 2 most" in reuse.notice(2, second)
    assert "the block's input with 12.5% of that" in reuse.notice(2, second)
    # Four sources, of which the input is the least: 1/2 + 1/3 + 1/4 would be by chance.
    assert "by chance it would be 1." in reuse.notice(1, first)


def test_mean_is_over_the_weights_of_a_connection() -> None:
    model = small()
    [first, _] = reuse.reuse_maps(model, blocks(model))
    weight = model.denseblock1.denselayer2.conv1.weight.detach()
    assert first.weights[0, 1] == pytest.approx(float(weight[:, :16].abs().sum()) / (16 * 4 * 9))
    assert first.weights[1, 1] == pytest.approx(float(weight[:, 16:].abs().sum()) / (4 * 4 * 9))


# Layers of the dense blocks, from Table 1 and Section 3 of the paper.
DENSE = {
    "densenet121": (6, 12, 24, 16),
    "cifar_densenet40_k12": (12, 12, 12),
    "cifar_densenet_bc100_k12": (16, 16, 16),
    "cifar_nas_v3": (11, 11, 14),  # a search found it: the last of 12, 12 and 15 layers comes last
}


@pytest.mark.parametrize(("key", "layers"), DENSE.items())
def test_densenets_are_recognised(key: str, layers: tuple[int, ...]) -> None:
    with torch.device("meta"):
        model = cnn_models.build(key)
    found = reuse.dense_blocks(graph.trace(model, cnn_models.spec(key).input_shape))
    assert tuple(len(block.readers) - 1 for block in found) == layers


@pytest.mark.parametrize(
    "key", ["googlenet", "squeezenet1_1", "shufflenet_v2_x0_5", "vgg16", "resnet18"]
)
def test_other_networks_with_concatenations_are_not_dense(key: str) -> None:
    with torch.device("meta"):
        model = cnn_models.build(key)
    assert not reuse.dense_blocks(graph.trace(model, cnn_models.spec(key).input_shape))


def test_wrong_weights_are_refused() -> None:
    model = small()
    block = reuse.DenseBlock((("stem.conv0", 15),), ("denseblock1.denselayer1.conv1",))
    with pytest.raises(ValueError, match="15 maps"):
        reuse.reuse_maps(model, [block])
