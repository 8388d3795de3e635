"""SENet: Hu, Shen, Albanie, Sun, Wu, "Squeeze-and-Excitation Networks" (CVPR 2018, TPAMI 2020).

The idea: before a block's output is added, look at it as a whole (squeeze: one mean a channel) and
decide how much each channel counts for this image (excite: two small layers and a sigmoid).

In a residual block that output is the branch. The columns of Table 1, first stage:

    ResNet-50              1×1, 64     3×3, 64             1×1, 256
    SE-ResNet-50           1×1, 64     3×3, 64             1×1, 256    fc, 16   fc, 256
    SE-ResNeXt-50 (32×4d)  1×1, 128    3×3, 128, C = 32    1×1, 256    fc, 16   fc, 256

Tables and sections are those of the longer text, of TPAMI.

Departures: the first max pooling has no padding and rounds the output size up, as in Caffe, where
the public weights were trained; 112 pixels become 56 either way. The two fully connected
layers are 1×1 convolutions, as in those weights, with the same parameters and results.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.families.cifar_resnet import CifarResNet
from cnn_models.families.resnet import BasicBlock, Bottleneck, ResNet
from cnn_models.families.resnext import ResNeXtBlock
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


class SEResNeXtBlock(ResNeXtBlock):
    """ResNeXt's block, its branch rescaled before the addition."""

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int,
        reduction: int,
        cardinality: int,
        group_width: int,
    ) -> None:
        super().__init__(in_channels, width, stride, cardinality, group_width)
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


class _CaffePooled(ResNet):
    """A ResNet of gated blocks, with the max pooling that Caffe has."""

    def __init__(
        self, block: type[Bottleneck], depth: int, num_classes: int, reduction: int, **template: Any
    ) -> None:
        require_reduction(reduction, largest=64 * block.expansion)
        super().__init__(block, depth, num_classes, reduction=reduction, **template)
        self.maxpool = nn.MaxPool2d(3, stride=2, ceil_mode=True)  # 56 × 56
        limit_input_size(self, smallest=3)


class SEResNet(_CaffePooled):
    """Table 1, middle column: (N, 3, 224, 224) to (N, num_classes).

    Raises:
        ValueError: if `reduction` is not in 1..256, the channels of the narrowest block.
    """

    def __init__(self, depth: int, /, num_classes: int = 1000, reduction: int = 16) -> None:
        super().__init__(SEBottleneck, depth, num_classes, reduction)


class SEResNeXt(_CaffePooled):
    """Table 1, right column: (N, 3, 224, 224) to (N, num_classes).

    Raises:
        ValueError: if `reduction` is not in 1..256, the channels of the narrowest block, or
            `cardinality` or `group_width` is less than 1.
    """

    def __init__(
        self,
        depth: int,
        /,
        num_classes: int = 1000,
        reduction: int = 16,
        cardinality: int = 32,
        group_width: int = 4,
    ) -> None:
        template: dict[str, Any] = {"cardinality": cardinality, "group_width": group_width}
        super().__init__(SEResNeXtBlock, depth, num_classes, reduction, **template)


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
    "Squeeze-and-Excitation Networks",
    "Jie Hu, Li Shen, Samuel Albanie, Gang Sun, Enhua Wu",
    2017,
    "CVPR 2018, TPAMI 2020",
    "1709.01507",
)
HE = he_in_words("outputs", "Section 5.1")
HE_GROUPED = he_in_words("outputs", "Section 5.1", grouped=True)


def _spec(
    key: str,
    name: str,
    build: Callable[..., nn.Module],
    counts: tuple[int, int],
    counts_source: str,
    *departures: str,
) -> ModelSpec:
    cifar, base = key.startswith("cifar_"), name.removeprefix("SE-").partition(" (CIFAR")[0]
    return ModelSpec(
        key=key,
        family="senet",
        display_name=name,
        build=build,
        input_shape=(3, 32, 32) if cifar else (3, 224, 224),
        num_classes=10 if cifar else 1000,
        paper=PAPER,
        idea=f"{base}, in which every block gives its channels new weights for each image.",
        stages=("relu", "layer1", "layer2", "layer3", *(() if cifar else ("layer4",)), "fc"),
        initialisation=HE_GROUPED if "resnext" in key else HE,
        exact_params=counts[0],
        exact_macs=counts[1],
        counts_source=counts_source,
        published=published(key),
        departures=departures,
        weights=public_weights(key),
    )


def _row(
    key: str,
    name: str,
    build: Callable[..., nn.Module],
    counts: tuple[int, int],
    printed: str,
    *departures: str,
) -> ModelSpec:
    """A row of Table 2; `printed` is its operations in 10⁹."""
    counted = f"the layers have {counts[1] / 1e9:.3f} × 10⁹ multiply-adds"
    return _spec(
        key,
        name,
        build,
        counts,
        "timm's legacy network of the same name, which has the same layers",
        _POOL,
        f"Table 2 prints {printed} × 10⁹ operations; {counted}.",
        *departures,
    )


_POOL = (
    "The first max pooling has no padding and rounds the output size up, as the public weights "
    "need: 112 pixels become 56 either way."
)

# fmt: off
SPECS = (
    _row("se_resnet50", "SE-ResNet-50", partial(SEResNet, 50),
         (28_088_024, 3_860_488_192), "3.87",
         "Table 10 prints 45.7M, 35.7M, 30.7M, 28.1M and 26.9M parameters for a reduction of 2, 4, "
         "8, 16 and 32, in networks whose gates have no biases; the layers without them have "
         "45.68, 35.62, 30.59, 28.07 and 26.81 million."),
    _row("se_resnet101", "SE-ResNet-101", partial(SEResNet, 101),
         (49_326_872, 7_574_937_600), "7.60"),
    _row("se_resnet152", "SE-ResNet-152", partial(SEResNet, 152),
         (66_821_848, 11_288_993_792), "11.32"),
    _row("se_resnext50_32x4d", "SE-ResNeXt-50 (32×4d)", partial(SEResNeXt, 50),
         (27_559_896, 4_232_994_816), "4.25"),
    _row("se_resnext101_32x4d", "SE-ResNeXt-101 (32×4d)", partial(SEResNeXt, 101),
         (48_955_416, 7_974_739_968), "8.00"),
    _spec("cifar_se_resnet20", "SE-ResNet-20 (CIFAR-10)", partial(CifarSEResNet, 20),
          (272_095, 40_553_056),
          "a sum by hand: 269,722 parameters of ResNet-20, and 2,373 in the nine gates",
          "The paper has no such network: here its block is put into the CIFAR-10 ResNet-20. "
          "The paper's reduction of 16 leaves 1, 2 and 4 channels between the two small layers."),
)
