"""ResNeXt: Xie, Girshick, Dollár, Tu, He, "Aggregated Residual Transformations" (CVPR 2017).

The idea: a block adds up many small paths of one shape, y = x + Σ Tᵢ(x). How many there are, the
cardinality C, is a dimension beside depth and width. A path is a bottleneck only d channels wide;
all C of them together are one bottleneck C·d wide whose 3×3 convolution works in C groups, which
is Figure 3(c) and what stands here. Table 1 beside ResNet-50, first stage:

    ResNet-50            1×1, 64     3×3, 64            1×1, 256
    ResNeXt-50 (32×4d)   1×1, 128    3×3, 128, C = 32   1×1, 256

Every width doubles where the map is halved; the stride is on the 3×3 convolution (Section 4).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_at_least_one, require_depth
from cnn_models.families.resnet import Bottleneck, ResNet, stage
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


class ResNeXtBlock(Bottleneck):
    """Figure 3(c): (N, in, H, W) to (N, 4·width, H/stride, W/stride).

    `group_width` channels in each of `cardinality` groups where `width` is 64, as in the first
    stage; twice as many in each group where `width` is 128, and so on.

    Raises:
        ValueError: if `cardinality` or `group_width` is less than 1.
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int,
        cardinality: int,
        group_width: int,
        shortcut: str = "B",
    ) -> None:
        require_at_least_one(cardinality=cardinality, group_width=group_width)
        super().__init__(
            in_channels,
            width,
            stride,
            shortcut,
            stride_on_3x3=True,
            inner=cardinality * group_width * width // 64,
            groups=cardinality,
        )


class ResNeXt(ResNet):
    """Table 1, for ImageNet: (N, 3, 224, 224) to (N, num_classes).

    Raises:
        ValueError: if `cardinality` or `group_width` is less than 1, or `shortcut` is unknown.
    """

    def __init__(
        self,
        depth: int,
        /,
        num_classes: int = 1000,
        cardinality: int = 32,
        group_width: int = 4,
        shortcut: str = "B",
    ) -> None:
        super().__init__(
            ResNeXtBlock,
            depth,
            num_classes,
            cardinality=cardinality,
            group_width=group_width,
            shortcut=shortcut,
        )


class CifarResNeXt(nn.Module):
    """Section 5.3, for CIFAR: (N, 3, 32, 32) to (N, num_classes).

    Raises:
        ValueError: if `depth` is not 9n + 2, `cardinality` or `group_width` is less than 1, or
            `shortcut` is unknown.
    """

    def __init__(
        self,
        depth: int,
        /,
        num_classes: int = 10,
        cardinality: int = 8,
        group_width: int = 64,
        shortcut: str = "B",
    ) -> None:
        super().__init__()
        n = require_depth(depth, 9, 2)
        template: dict[str, Any] = {
            "cardinality": cardinality,
            "group_width": group_width,
            "shortcut": shortcut,
        }
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.layer1 = stage(ResNeXtBlock, 64, 64, n, 1, **template)  # 256 × 32 × 32
        self.layer2 = stage(ResNeXtBlock, 256, 128, n, 2, **template)  # 512 × 16 × 16
        self.layer3 = stage(ResNeXtBlock, 512, 256, n, 2, **template)  # 1024 × 8 × 8
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(1024, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(self.avgpool(x).flatten(1))


PAPER = Paper(
    "Aggregated Residual Transformations for Deep Neural Networks",
    "Saining Xie, Ross Girshick, Piotr Dollár, Zhuowen Tu, Kaiming He",
    2016,
    "CVPR 2017",
    "1611.05431",
)
_MORE_MACS = (
    "Table 3 gives about {} × 10⁹ operations to this network and to its ResNet alike; its layers "
    "have {} × 10⁹ multiply-adds, those of the ResNet {} × 10⁹."
)


def _spec(
    key: str,
    name: str,
    build: Callable[..., nn.Module],
    counts: tuple[int, int],
    counts_source: str,
    *departures: str,
) -> ModelSpec:
    cifar, weights = key.startswith("cifar_"), public_weights(key)
    return ModelSpec(
        key=key,
        family="resnext",
        display_name=name,
        build=build,
        input_shape=(3, 32, 32) if cifar else (3, 224, 224),
        num_classes=10 if cifar else 1000,
        paper=PAPER,
        idea="A block adds up many narrow paths of one shape, as a grouped convolution does.",
        stages=("relu", "layer1", "layer2", "layer3", *(() if cifar else ("layer4",)), "fc"),
        initialisation=he_in_words("outputs", "Section 4", grouped=True),
        exact_params=counts[0],
        exact_macs=counts[1],
        counts_source=counts_source,
        published=published(key),
        departures=departures,
        weights=weights,
    )


def _imagenet(depth: int, cardinality: int, group_width: int) -> Callable[..., nn.Module]:
    return partial(ResNeXt, depth, cardinality=cardinality, group_width=group_width)


_SAME = "{}'s network of the same name, which has the same layers"

# fmt: off
SPECS = (
    _spec("resnext50_32x4d", "ResNeXt-50 (32×4d)", _imagenet(50, 32, 4),
          (25_028_904, 4_230_479_872), _SAME.format("torchvision"),
          _MORE_MACS.format("4.1", "4.230", "4.089")),
    _spec("resnext101_32x4d", "ResNeXt-101 (32×4d)", _imagenet(101, 32, 4),
          (44_177_704, 7_969_996_800), _SAME.format("timm"),
          _MORE_MACS.format("7.8", "7.970", "7.801")),
    _spec("resnext101_64x4d", "ResNeXt-101 (64×4d)", _imagenet(101, 64, 4),
          (83_455_272, 15_460_270_080), _SAME.format("torchvision")),
    _spec("resnext101_32x8d", "ResNeXt-101 (32×8d)", _imagenet(101, 32, 8),
          (88_791_336, 16_414_015_488), _SAME.format("torchvision"),
          "The paper does not try this setting, of which torchvision publishes weights: groups "
          "are twice as wide as in its 32×4d network, and it has 88.8M parameters, not 44.2M."),
    _spec("cifar_resnext29_8x64d", "ResNeXt-29 (8×64d, CIFAR-10)", partial(CifarResNeXt, 29),
          (34_426_698, 5_387_266_048),
          "a sum by hand that also gives the 68,155,210 parameters of pytorchcv's 16×64d network",
          "Table 7 prints 34.4M, which takes projections (option B) as here: with option A the "
          "network would have 33,751,370 parameters.",
          "In the first arXiv version the blocks were pre-activated, as the authors' code says of "
          "its CIFAR results; here, as in that code, each convolution comes first."),
)
