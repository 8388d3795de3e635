"""Accuracies against the owners' pages and the papers' tables, read by hand."""

import pytest

import cnn_models
from analysis.structure import accuracy
from analysis.structure.accuracy import CIFAR10, NEWEST, PAPER, PUBLIC, TOP1, TOP5


@pytest.mark.parametrize(
    ("key", "quantity", "basis", "value", "protocol"),
    [
        ("resnet50_v1_5", TOP1, PUBLIC, 76.13, "one centre crop of 224"),  # torchvision, V1
        ("resnet50_v1_5", TOP1, NEWEST, 80.858, "shorter side resized to 232"),  # torchvision, V2
        ("vgg16", TOP1, PUBLIC, 71.592, "one centre crop of 224"),
        ("vgg16", TOP5, PUBLIC, 90.382, "one centre crop of 224"),
        ("nasnet_a_large", TOP1, PUBLIC, 82.638, "one centre crop of 331"),  # timm
        ("resnet50", TOP1, PAPER, 75.3, "single centre crop"),  # 24.7, authors' release
        ("vgg16", TOP1, PAPER, 74.4, "dense evaluation"),  # 25.6, Table 3
        ("alexnet", TOP1, PAPER, 59.3, "10-view"),  # 40.7, Table 2
        ("googlenet", TOP5, PAPER, 89.93, "1 model, 1 crop"),  # 10.07, Table 3
        ("bn_inception", TOP1, PAPER, 74.8, "single 224 × 224 crop"),  # 25.2, Figure 4
        ("cifar_resnet110", CIFAR10, PAPER, 93.39, "mean of 5 runs"),  # 6.61, Table 6
        ("cifar_densenet40_k12", CIFAR10, PAPER, 94.76, "std aug"),  # 5.24, Table 2
    ],
)
def test_figures_of_known_networks(
    key: str, quantity: str, basis: str, value: float, protocol: str
) -> None:
    found = accuracy.figure(cnn_models.spec(key), quantity, basis)
    assert found is not None
    assert found.accuracy == pytest.approx(value)
    assert protocol in found.protocol


@pytest.mark.parametrize(
    ("key", "quantity", "basis"),
    [
        ("resnet50", TOP1, PUBLIC),  # public weights belong to v1.5
        ("googlenet", TOP1, PAPER),  # the paper prints top-5 only
        ("squeezenet1_1", TOP5, PAPER),  # "at most 19.7%" is a bound
        ("cifar_resnet20", CIFAR10, PUBLIC),
        ("lenet5", CIFAR10, PAPER),  # its test error is on MNIST
        ("fractalnet34", TOP1, NEWEST),
    ],
)
def test_what_nobody_states_is_none(key: str, quantity: str, basis: str) -> None:
    assert accuracy.figure(cnn_models.spec(key), quantity, basis) is None


@pytest.mark.parametrize("basis", accuracy.BASES)
@pytest.mark.parametrize("quantity", [TOP1, TOP5, CIFAR10])
def test_no_figure_without_protocol_and_source(quantity: str, basis: str) -> None:
    for key in cnn_models.names():
        found = accuracy.figure(cnn_models.spec(key), quantity, basis)
        if found is not None:
            assert found.protocol.strip()
            assert found.source.strip()
            assert 0 < found.accuracy < 100
            assert not accuracy.is_ensemble(found.protocol)


@pytest.mark.parametrize(
    ("protocol", "several"),
    [
        ("average of 5 networks, val; test top-5 16.4", True),
        ("6 networks, 144 crops, val", True),
        ("7 models 144 crops", True),
        ("average of this network and 5 of Figure 3, val; test top-5 14.8", True),
        ("1 model 144 crops", False),
        ("ILSVRC 2012 val, 10-view average", False),
        ("CIFAR-10, mean of 5 runs", False),
    ],
)
def test_averages_of_networks_are_told_from_one(protocol: str, several: bool) -> None:
    assert accuracy.is_ensemble(protocol) is several


def test_the_crop_is_read_from_the_protocol() -> None:
    found = accuracy.figure(cnn_models.spec("preact_resnet200"), TOP1, PAPER)
    assert found is not None
    assert found.crop == 320


def test_the_best_printed_is_of_one_network() -> None:
    best = accuracy.best_printed(cnn_models.spec("googlenet"), TOP5)
    assert best is not None
    assert best.accuracy == pytest.approx(100 - 7.89)  # 6.67 is of seven networks


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="top-3"):
        accuracy.figure(cnn_models.spec("vgg16"), "top-3", PAPER)
    with pytest.raises(ValueError, match="rumour"):
        accuracy.figure(cnn_models.spec("vgg16"), TOP1, "rumour")
