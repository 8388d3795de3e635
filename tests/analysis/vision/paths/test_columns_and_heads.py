"""FractalNet's columns and the auxiliary heads, each against the module's own arithmetic."""

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import described, graph
from analysis.vision.paths import columns, heads
from analysis.vision.paths.found import EXAMPLES, NEEDS, paths_of
from analysis.vision.paths.judged import Pictures
from analysis.vision.voices import voice
from cnn_models.families.fractalnet import FractalNet

IMAGE = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def fractal() -> Any:
    torch.manual_seed(0)
    return FractalNet(10, columns=3, filters=(4, 8)).eval()


@pytest.mark.parametrize("column", [1, 2, 3])
def test_a_column_alone_is_a_chain_of_convolutions(column: int) -> None:
    model = fractal()
    with torch.no_grad():
        x = IMAGE
        for block in model.blocks.values():
            for step in block.columns[column - 1]:  # 2^(column - 1) of them
                x = step.relu(step.bn(step.conv(x)))
            x = nn.functional.max_pool2d(x, 2)
        expected = model.fc(x.mean((2, 3))).softmax(1)
    part = columns.predictions(model, IMAGE)[column - 1]
    assert part.label == f"Column {column}"
    assert torch.allclose(torch.from_numpy(part.probabilities), expected[0], atol=1e-6)
    assert f"{2 * 2 ** (column - 1)} convolutions" in part.where


def test_all_columns_together_are_the_network_itself() -> None:
    model = fractal()
    with torch.no_grad():
        expected = model(IMAGE).softmax(1)[0]
    whole = columns.predictions(model, IMAGE)[-1]
    assert whole.whole
    assert torch.equal(torch.from_numpy(whole.probabilities), expected)


def test_the_column_in_use_is_put_back() -> None:
    model = fractal()
    model.use_column(2)
    with pytest.raises(KeyError), columns.column_alone(model, 1):
        raise KeyError
    assert model.column == 2
    with pytest.raises(ValueError, match="1 to 3"), columns.column_alone(model, 4):
        pass
    assert model.column == 2
    with pytest.raises(ValueError, match="Only a FractalNet"), columns.column_alone(nn.ReLU(), 1):
        pass


def test_columns_are_counted_right_one_by_one() -> None:
    model = fractal()
    images = torch.randn(20, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    with torch.no_grad(), columns.column_alone(model, 2) as network:
        labels = network(images).argmax(1)  # so that column 2 is always right
    shares = columns.accuracies(model, Pictures(images, labels))
    assert len(shares) == 4
    assert shares[1] == 1
    said = columns.notice(columns.predictions(model, IMAGE), shares, 20)
    assert "100.0% by column 2" in said
    assert "no more than the best of them" in said


# Networks whose papers train auxiliary heads, and how many.
HEADS = {"googlenet": 2, "googlenet_bn": 2, "inception_v3": 1, "cifar_nasnet_a_6_768": 1}


@pytest.mark.parametrize("key", ["resnet18", "vgg16", "inception_v4", "cifar_resnet20"])
def test_others_have_no_heads(key: str) -> None:
    assert not heads.has_heads(key)


@pytest.mark.parametrize("key", HEADS)
def test_networks_with_heads_are_recognised(key: str) -> None:
    assert heads.has_heads(key)


@pytest.fixture(scope="module")
def googlenet() -> nn.Module:
    return heads.load_with_heads(voice("googlenet"), torch.device("cpu"))


def test_heads_answer_as_in_training_without_dropout(googlenet: nn.Module) -> None:
    x = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    found = heads.predictions(googlenet, x, described.traced("googlenet"))
    googlenet.train()
    for module in googlenet.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    with torch.no_grad():
        main, first, second = googlenet(x)  # it has no batch norm, so that dropout is all
    googlenet.eval()
    for part, scores in zip(found, (first, second, main), strict=True):
        assert torch.allclose(torch.from_numpy(part.probabilities), scores.softmax(1)[0], atol=1e-6)
    assert [part.label for part in found] == ["Auxiliary head 1", "Auxiliary head 2", "Main head"]
    assert found[0].where.startswith("after inception4a,")
    assert found[1].where.startswith("after inception4d,")
    assert not any(module.training for module in googlenet.modules())
    assert not any(m._forward_hooks for m in googlenet.modules())


def test_the_mode_is_put_back_after_a_refusal(googlenet: nn.Module) -> None:
    small = torch.zeros(1, 3, 64, 64)
    with pytest.raises(ValueError, match="from 223 to 270"):
        heads.predictions(googlenet, small, described.traced("googlenet"))
    assert not googlenet.training
    with pytest.raises(ValueError, match="no auxiliary heads"):
        heads.predictions(fractal(), IMAGE, graph.trace(fractal(), (3, 32, 32)))


def test_examples_have_what_they_are_named_for() -> None:
    assert set(EXAMPLES) == set(NEEDS)
    for kind, keys in EXAMPLES.items():
        for key in keys:
            assert kind in paths_of(key, described.traced(key)).kinds


def test_kinds_of_networks() -> None:
    kinds = {key: paths_of(key, described.traced(key)).kinds for key in ("vgg16", "lenet5_modern")}
    assert kinds == {"vgg16": ("blocks",), "lenet5_modern": ()}
    with torch.device("meta"):
        one = cnn_models.build("fractalnet_c1_cifar")
    assert columns.columns_of(one) == ()
