"""ResNet on CIFAR-10: He, Zhang, Ren, Sun, "Deep Residual Learning" (CVPR 2016), Section 4.2.

The idea is ResNet's; these networks are thin, so that depth alone can be studied. A 3×3 convolution
is followed by three stages of n blocks, 6n + 2 layers with the classifier:

    output      32 × 32     16 × 16     8 × 8
    layers      1 + 2n      2n          2n
    filters     16          32          64

All shortcuts are option A, so that plain and residual networks have the same parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_normal
from cnn_models.blocks.options import require_depth
from cnn_models.families.resnet import (
    BASIC,
    INITIALISATION,
    PAPER,
    PLAIN,
    BasicBlock,
    PlainBlock,
    stage,
)
from cnn_models.records import published
from cnn_models.spec import ModelSpec


class CifarResNet(nn.Module):
    """The CIFAR-10 networks of Section 4.2: (N, 3, 32, 32) to (N, num_classes).

    Raises:
        ValueError: if `depth` is not 6n + 2, or `shortcut` is unknown.
    """

    def __init__(
        self, block: type[PlainBlock], depth: int, num_classes: int = 10, **options: Any
    ) -> None:
        super().__init__()
        n = require_depth(depth, 6, 2)
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.layer1 = stage(block, 16, 16, n, 1, **options)  # 32 × 32
        self.layer2 = stage(block, 16, 32, n, 2, **options)  # 16 × 16
        self.layer3 = stage(block, 32, 64, n, 2, **options)  # 8 × 8
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(self.avgpool(x).flatten(1))


# Table 6 prints 0.27M, 0.46M, 0.66M, 0.85M, 1.7M and 19.4M.
_COUNTS = {
    20: (269_722, 40_551_040),
    32: (464_154, 68_862_592),
    44: (658_586, 97_174_144),
    56: (853_018, 125_485_696),
    110: (1_727_962, 252_887_680),
    1202: (19_421_274, 2_829_238_912),
}
_ZEROS = "The paper does not say where option A puts its zeros; here they follow the input."


def _spec(
    key: str, name: str, depth: int, build: Callable[..., nn.Module], idea: str, *departures: str
) -> ModelSpec:
    return ModelSpec(
        key=f"{key}{depth}",
        family="resnet",
        display_name=f"{name}-{depth} (CIFAR-10)",
        build=build,
        input_shape=(3, 32, 32),
        num_classes=10,
        paper=PAPER,
        idea=idea,
        stages=("relu", "layer1", "layer2", "layer3", "fc"),
        initialisation=INITIALISATION,
        exact_params=_COUNTS[depth][0],
        exact_macs=_COUNTS[depth][1],
        published=published(f"{key}{depth}"),
        departures=departures,
    )


def _plain(depth: int) -> ModelSpec:
    return _spec("cifar_plain", "Plain", depth, partial(CifarResNet, PlainBlock, depth), PLAIN)


def _residual(depth: int) -> ModelSpec:
    build = partial(CifarResNet, BasicBlock, depth, shortcut="A")
    return _spec("cifar_resnet", "ResNet", depth, build, BASIC, _ZEROS)


SPECS = (*map(_plain, (20, 32, 44, 56)), *map(_residual, _COUNTS))
