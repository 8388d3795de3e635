"""Numbers in departures that an option of the network makes: built so and counted."""

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import graph
from cnn_models.families import inception_resnet, inception_v4


def built(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options)


def params(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def departures(key: str) -> str:
    return " ".join(cnn_models.spec(key).departures)


@pytest.mark.parametrize(
    ("key", "options", "said"),
    [
        ("cifar_preact_resnet110", {"shortcut": "B"}, "1,730,522 parameters"),
        ("cifar_resnext29_8x64d", {"shortcut": "A"}, "33,751,370 parameters"),
        ("cifar_enas_micro", {"cells": 5}, "3,894,372"),
        ("inception_v3", {"aux_heads": True}, "27,161,264 parameters"),
    ],
)
def test_what_an_option_would_count(key, options, said):
    count = params(built(key, **options))
    assert f"{count:,}" in said
    assert said in departures(key)


@pytest.mark.parametrize(
    ("key", "options", "side", "unit", "said"),
    [
        ("preact_resnet200", {"stride_on_3x3": True}, 224, 1e9, "15.007 × 10⁹"),
        ("squeezenet1_1", {}, 227, 1e6, "387.7 M"),
        ("shufflenet_v1_g3", {"width": 1.5}, 224, 1e6, "292.4 and"),
        ("shufflenet_v1_g3", {"width": 2.0}, 224, 1e6, "524.0 million"),
        ("efficientnet_b2", {}, 288, 1e9, "1.088B at the 288 pixels"),
    ],
)
def test_what_an_option_or_an_image_costs(key, options, side, unit, said):
    macs = graph.trace(built(key, **options), (3, side, side)).totals().macs
    printed = said.split()[0].rstrip("B")
    assert f"{macs / unit:.{len(printed.partition('.')[2])}f}" == printed
    assert said in departures(key)


def test_what_batch_norm_has_in_the_deepest_preactivated_network():
    network = built("cifar_preact_resnet1001")
    norms = sum(params(part) for part in network.modules() if isinstance(part, nn.BatchNorm2d))
    assert f"adds {norms:,}" in departures("cifar_preact_resnet1001")
    assert f"{params(network) - norms:,}" in departures("cifar_preact_resnet1001")


def test_what_gates_without_biases_count_for_each_reduction():
    counts = []
    for reduction in (2, 4, 8, 16, 32):
        network = built("se_resnet50", reduction=reduction)
        biases = sum(
            p.numel()
            for name, p in network.named_parameters()
            if "se.fc" in name and "bias" in name
        )
        counts.append(f"{(params(network) - biases) / 1e6:.2f}")
    assert f"{', '.join(counts[:-1])} and {counts[-1]} million" in departures("se_resnet50")


def test_what_inception_resnet_v2_would_count_as_the_figures_draw_it():
    drawn = inception_resnet.V2._replace(
        stem=inception_v4.stem, channels=(384, 1152, 2144), blocks=(5, 10, 5), end=None
    )
    with torch.device("meta"):
        network = inception_resnet.InceptionResNet(drawn)
    assert f"{params(network):,} parameters" in departures("inception_resnet_v2")
    macs = graph.trace(network, (3, 299, 299)).totals().macs
    assert f"{macs / 1e9:.3f} G multiply-adds" in departures("inception_resnet_v2")
