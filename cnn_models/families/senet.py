"""SENet: Hu, Shen, Sun, "Squeeze-and-Excitation Networks" (CVPR 2018).

The idea: before a block's output is added, look at it as a whole (squeeze: one mean a channel) and
decide how much each channel counts for this image (excite: two small layers and a sigmoid).

Departures: the first max pooling has no padding and rounds the output size up, as in Caffe, where
the public weights were trained; 112 pixels become 56 either way. The two fully connected
layers are 1×1 convolutions, as in those weights, with the same parameters and results.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import Tensor, nn

from cnn_models.blocks.input_size import limit_input_size
from cnn_models.families.resnet import BasicBlock, Bottleneck, CifarResNet, ResNet
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


class SqueezeExcite(nn.Module):
    """Figures 1 and 3: (N, channels, H, W) to the same shape, each channel scaled by 0 to 1."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d(1)  # (N, channels, 1, 1)
        self.fc1 = nn.Conv2d(channels, channels // reduction, 1)
        self.relu = nn.ReLU()
        self.fc2 = nn.Conv2d(channels // reduction, channels, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        scale = self.sigmoid(self.fc2(self.relu(self.fc1(self.squeeze(x)))))
        return x * scale


class SEBottleneck(Bottleneck):
    """ResNet's bottleneck with the paper's stride, its branch rescaled before the addition."""

    def __init__(self, in_channels: int, width: int, stride: int, reduction: int) -> None:
        super().__init__(in_channels, width, stride)
        self.se = SqueezeExcite(width * self.expansion, reduction)

    def branch(self, x: Tensor) -> Tensor:
        return self.se(super().branch(x))


class SEBasicBlock(BasicBlock):
    """ResNet's block of two 3×3 convolutions, its branch rescaled before the addition."""

    def __init__(
        self, in_channels: int, width: int, stride: int, reduction: int, shortcut: str
    ) -> None:
        super().__init__(in_channels, width, stride, shortcut)
        self.se = SqueezeExcite(width, reduction)

    def branch(self, x: Tensor) -> Tensor:
        return self.se(super().branch(x))


class SEResNet(ResNet):
    """Table 1, middle column: (N, 3, 224, 224) to (N, num_classes).

    Raises:
        ValueError: if `reduction` is not in 1..256, the channels of the narrowest block.
    """

    def __init__(self, depth: int, /, num_classes: int = 1000, reduction: int = 16) -> None:
        require_reduction(reduction, largest=64 * SEBottleneck.expansion)
        super().__init__(SEBottleneck, depth, num_classes, reduction=reduction)
        self.maxpool = nn.MaxPool2d(3, stride=2, ceil_mode=True)  # 56 × 56
        limit_input_size(self, smallest=3)


class CifarSEResNet(CifarResNet):
    """The same block in the CIFAR-10 ResNet: (N, 3, 32, 32) to (N, num_classes).

    Raises:
        ValueError: if `reduction` is not in 1..16, the channels of the narrowest block.
    """

    def __init__(
        self, depth: int, /, num_classes: int = 10, reduction: int = 16, shortcut: str = "A"
    ) -> None:
        require_reduction(reduction, largest=16)
        options: dict[str, Any] = {"reduction": reduction, "shortcut": shortcut}
        super().__init__(SEBasicBlock, depth, num_classes, **options)


def require_reduction(reduction: int, largest: int) -> None:
    """Refuse a reduction ratio that leaves the narrowest block no channel.

    Raises:
        ValueError: if it is not in 1..`largest`.
    """
    if not 1 <= reduction <= largest:
        raise ValueError(f"reduction is {reduction}; this network takes 1 to {largest}.")


PAPER = Paper(
    "Squeeze-and-Excitation Networks", "Jie Hu, Li Shen, Gang Sun", 2017, "CVPR 2018", "1709.01507"
)

SPECS = (
    ModelSpec(
        key="se_resnet50",
        family="senet",
        display_name="SE-ResNet-50",
        build=partial(SEResNet, 50),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=PAPER,
        idea="ResNet-50, in which every block gives its channels new weights for each image.",
        stages=("relu", "layer1", "layer2", "layer3", "layer4", "fc"),
        initialisation="He's normal rule, variance 2 / outputs of a unit (Section 5)",
        exact_params=28_088_024,
        exact_macs=3_860_488_192,
        counts_source="timm's legacy_seresnet50, which has the same layers",
        published=published("se_resnet50"),
        departures=(
            "The first max pooling has no padding and rounds the output size up, as the public "
            "weights need: 112 pixels become 56 either way.",
            "Table 2 prints 3.87 × 10⁹ operations; the layers have 3.860 × 10⁹ multiply-adds.",
        ),
        weights=public_weights("se_resnet50"),
    ),
    ModelSpec(
        key="cifar_se_resnet20",
        family="senet",
        display_name="SE-ResNet-20 (CIFAR-10)",
        build=partial(CifarSEResNet, 20),
        input_shape=(3, 32, 32),
        num_classes=10,
        paper=PAPER,
        idea="ResNet-20 for small images, in which every block gives its channels new weights.",
        stages=("relu", "layer1", "layer2", "layer3", "fc"),
        initialisation="He's normal rule, variance 2 / outputs of a unit (Section 5)",
        exact_params=272_095,
        exact_macs=40_553_056,
        counts_source="a sum by hand: 269,722 parameters of ResNet-20, and 2,373 in the nine gates",
        published=published("cifar_se_resnet20"),
        departures=(
            "The paper has no such network: here its block is put into the CIFAR-10 ResNet-20. "
            "The paper's reduction of 16 leaves 1, 2 and 4 channels between the two small layers.",
        ),
        weights=public_weights("cifar_se_resnet20"),
    ),
)
