"""Stochastic depth: Huang, Sun, Liu, Sedra, Weinberger (ECCV 2016).

The idea: train short networks, use a deep one. For each mini-batch every block l of a ResNet is
left out with probability 1 - p_l, so that only its shortcut is passed and nothing is computed for
it; at test time all blocks work, each scaled by the share p_l of batches in which it was there:

    training   H_l = relu(b_l · f_l(H) + H), b_l = 1 with probability p_l, else 0   (equation 2)
    test       H_l = relu(p_l · f_l(H) + H)                                         (equation 5)

The survival probability falls from block to block in a line (equation 4), p_l = 1 - l/L (1 - p_L),
since early blocks find what all later ones need. With p_L = 0.5, three blocks of four work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words
from cnn_models.blocks.options import require_survival
from cnn_models.families.cifar_resnet import CifarResNet
from cnn_models.families.resnet import BasicBlock, Bottleneck, ResNet, ZeroPadShortcut
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper


class StochasticBlock(BasicBlock):
    """Two 3×3 convolutions; `survival` is the p_l of the block, which its network sets."""

    survival = 1.0

    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__(in_channels, width, stride, shortcut="A")
        if isinstance(self.downsample, ZeroPadShortcut):  # where the map is halved
            self.downsample.subsample = nn.AvgPool2d(stride, ceil_mode=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.relu2(surviving(self, x))


class StochasticBottleneck(Bottleneck):
    """1×1, 3×3 and 1×1; `survival` is the p_l of the block, which its network sets."""

    survival = 1.0

    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__(in_channels, width, stride, stride_on_3x3=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.relu3(surviving(self, x))


def surviving(block: StochasticBlock | StochasticBottleneck, x: Tensor) -> Tensor:
    """What a block adds up before its last ReLU, now that it may lack its branch."""
    identity = x if block.downsample is None else block.downsample(x)
    if not block.training:
        return block.survival * block.branch(x) + identity
    if torch.rand((), device="cpu") < block.survival:  # one coin for the whole mini-batch
        return block.branch(x) + identity
    return identity


def decay_linearly(network: nn.Module, last: float) -> None:
    """Give each block of `network` its p_l, which falls to `last` in the last block."""
    kinds = (StochasticBlock, StochasticBottleneck)
    blocks = [module for module in network.modules() if isinstance(module, kinds)]
    for number, block in enumerate(blocks, start=1):
        block.survival = 1 - number / len(blocks) * (1 - last)


class CifarStochasticDepth(CifarResNet):
    """The CIFAR ResNet: (N, 3, 32, 32) to (N, num_classes); `survival` is p_L, over 0 up to 1.

    Raises:
        ValueError: if `survival` is out of its range or `depth` is not 6n + 2.
    """

    def __init__(self, depth: int, /, num_classes: int = 10, survival: float = 0.5) -> None:
        require_survival(survival)
        super().__init__(StochasticBlock, depth, num_classes)
        decay_linearly(self, survival)


class StochasticDepth(ResNet):
    """ResNet: (N, 3, 224, 224) to (N, num_classes); `survival` is p_L, over 0 and up to 1.

    Raises:
        ValueError: if `survival` is out of its range.
    """

    def __init__(self, depth: int, /, num_classes: int = 1000, survival: float = 0.5) -> None:
        require_survival(survival)
        super().__init__(StochasticBottleneck, depth, num_classes)
        decay_linearly(self, survival)


PAPER = Paper(
    "Deep Networks with Stochastic Depth",
    "Gao Huang, Yu Sun, Zhuang Liu, Daniel Sedra, Kilian Q. Weinberger",
    2016,
    "ECCV 2016",
    "1603.09382",
)


def _spec(
    key: str, name: str, build: Callable[..., nn.Module], params: int, macs: int, *departures: str
) -> ModelSpec:
    cifar = key.startswith("cifar_")
    return ModelSpec(
        key=key,
        family="resnet",
        display_name=name,
        build=build,
        input_shape=(3, 32, 32) if cifar else (3, 224, 224),
        num_classes=10 if cifar else 1000,
        paper=PAPER,
        idea="Each mini-batch trains a random, shorter part of a network that is used whole.",
        stages=("relu", "layer1", "layer2", "layer3", *(() if cifar else ("layer4",)), "fc"),
        initialisation=he_in_words("outputs", "that of ResNet, which Section 4 follows"),
        exact_params=params,
        exact_macs=macs,
        counts_source="those of ResNet with the same layers, since dropping adds none",
        published=published(key),
        departures=departures,
    )


SPECS = (
    _spec(
        "cifar_stochastic_depth110",
        "ResNet-110 with stochastic depth (CIFAR-10)",
        partial(CifarStochasticDepth, 110),
        1_727_962,
        252_887_680,
        "Where the map is halved, the shortcut averages 2×2 pixels, as Section 4 and the authors' "
        "code say; the ResNet that they follow takes every second pixel.",
        "The authors' code gives each convolution a bias, which batch normalisation cancels: "
        "1,732,010 parameters, 4,048 more than here.",
    ),
    _spec(
        "stochastic_depth152",
        "ResNet-152 with stochastic depth",
        partial(StochasticDepth, 152),
        60_192_808,
        11_513_626_624,
        "The stride is on the 3×3 convolution, as in fb.resnet.torch, on which the paper builds: "
        "11.514 × 10⁹ multiply-adds, where the ResNet paper's network has 11.282 × 10⁹.",
    ),
)
