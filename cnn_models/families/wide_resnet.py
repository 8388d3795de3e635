"""Wide ResNet: Zagoruyko, Komodakis, "Wide Residual Networks" (BMVC 2016).

The idea: fewer blocks, each k times as wide. WRN-n-k has n convolutions, three projections among
them, and k times the channels of the CIFAR ResNet; 16 wide layers do better than 1000 thin ones,
and run faster. The block is the pre-activated one, with room for dropout between its convolutions.

Table 1, with N = (n - 4) / 6:     conv1        conv2          conv3          conv4
    output                         32 × 32      32 × 32        16 × 16        8 × 8
    layers                         3×3, 16      N blocks 16k   N blocks 32k   N blocks 64k

The ImageNet networks are ResNet-50 and -101 whose bottlenecks are k = 2 times as wide inside.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_at_least_one, require_below_one, require_depth
from cnn_models.families.resnet import Bottleneck, ResNet
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


class WideBlock(nn.Module):
    """B(3, 3) with dropout, Figure 1(d): (N, in, H, W) to (N, width, H/stride, W/stride)."""

    def __init__(self, in_channels: int, width: int, stride: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(in_channels, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.dropout = nn.Dropout(dropout) if dropout else None
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.projection = None
        if in_channels != width:
            self.projection = nn.Conv2d(in_channels, width, 1, stride, bias=False)

    def branch(self, activated: Tensor) -> Tensor:
        x = self.relu2(self.bn2(self.conv1(activated)))
        return self.conv2(x if self.dropout is None else self.dropout(x))

    def forward(self, x: Tensor) -> Tensor:
        activated = self.relu1(self.bn1(x))
        identity = x if self.projection is None else self.projection(activated)
        return self.branch(activated) + identity


class WideResNet(nn.Module):
    """WRN-`depth`-`width` of Table 1: (N, 3, 32, 32) to (N, num_classes).

    Args:
        num_classes: width of the output.
        depth: number of convolutions, three projections among them, 6N + 4.
        width: the paper's k, at least 1.
        dropout: probability for a value between two convolutions to be left out while training;
            the paper takes 0.3 on CIFAR and 0.4 on SVHN.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self, num_classes: int = 10, depth: int = 28, width: int = 10, dropout: float = 0.0
    ) -> None:
        super().__init__()
        blocks = require_depth(depth, 6, 4)
        require_at_least_one(width=width)
        require_below_one(dropout=dropout)
        k = width
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.layer1 = _stage(16, 16 * k, blocks, 1, dropout)  # 32 × 32
        self.layer2 = _stage(16 * k, 32 * k, blocks, 2, dropout)  # 16 × 16
        self.layer3 = _stage(32 * k, 64 * k, blocks, 2, dropout)  # 8 × 8
        self.bn = nn.BatchNorm2d(64 * k)
        self.relu = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64 * k, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        x = self.relu(self.bn(x))
        return self.fc(self.avgpool(x).flatten(1))


def _stage(in_channels: int, width: int, blocks: int, stride: int, dropout: float) -> nn.Sequential:
    first = WideBlock(in_channels, width, stride, dropout)
    return nn.Sequential(first, *(WideBlock(width, width, 1, dropout) for _ in range(blocks - 1)))


class WideBottleneck(Bottleneck):
    """ResNet's bottleneck, its 3×3 convolution `widening` times as wide and with the stride."""

    def __init__(
        self, in_channels: int, width: int, stride: int, widening: int, shortcut: str = "B"
    ) -> None:
        inner = widening * width
        super().__init__(in_channels, width, stride, shortcut, stride_on_3x3=True, inner=inner)


class WideImageNetResNet(ResNet):
    """ResNet with wide bottlenecks (Table 8): (N, 3, 224, 224) to (N, num_classes).

    Raises:
        ValueError: if `width`, the paper's k, is less than 1, or `shortcut` is unknown.
    """

    def __init__(
        self, depth: int, /, num_classes: int = 1000, width: int = 2, shortcut: str = "B"
    ) -> None:
        require_at_least_one(width=width)
        options: dict[str, Any] = {"widening": width, "shortcut": shortcut}
        super().__init__(WideBottleneck, depth, num_classes, **options)


PAPER = Paper(
    "Wide Residual Networks", "Sergey Zagoruyko, Nikos Komodakis", 2016, "BMVC 2016", "1605.07146"
)
_INITIALISATION = he_in_words("outputs")

# Parameters and multiply-adds of WRN-n-k: those of Table 4, then the two that only Table 6 has.
_CIFAR_COUNTS = {
    (40, 1): (563_930, 83_280_512),
    (40, 2): (2_243_546, 327_599_360),
    (40, 4): (8_949_210, 1_298_582_016),
    (40, 8): (35_748_314, 5_172_024_320),
    (28, 10): (36_479_194, 5_243_328_768),
    (28, 12): (52_517_850, 7_543_905_792),
    (22, 8): (17_158_106, 2_454_115_328),
    (22, 10): (26_797_914, 3_827_751_168),
    (16, 8): (10_961_370, 1_548_145_664),
    (16, 10): (17_116_634, 2_412_173_568),
    (16, 4): (2_748_890, 392_612_352),
    (52, 1): (758_362, 111_592_064),
}


def _cifar(depth: int, width: int) -> ModelSpec:
    key = f"cifar_wrn_{depth}_{width}"
    params, macs = _CIFAR_COUNTS[depth, width]
    thin = (
        f"Its first stage has 16 channels already and needs no projection, so it has {depth - 1} "
        f"convolutions, not {depth}."
    )
    return ModelSpec(
        key=key,
        family="wide_resnet",
        display_name=f"WRN-{depth}-{width} (CIFAR-10)",
        build=partial(WideResNet, depth=depth, width=width),
        input_shape=(3, 32, 32),
        num_classes=10,
        paper=PAPER,
        idea="Fewer residual blocks, each several times as wide, learn more and run faster.",
        stages=("conv1", "layer1", "layer2", "layer3", "relu", "fc"),
        initialisation=_INITIALISATION,
        exact_params=params,
        exact_macs=macs,
        counts_source="layer-by-layer arithmetic from the paper's Table 1",
        published=published(key),
        departures=(
            "Table 1 leaves out the shortcuts; as in the authors' code, a 1×1 convolution without "
            "batch normalisation changes the channels, behind the block's first ReLU.",
            *((thin,) if width == 1 else ()),
        ),
    )


def _imagenet(depth: int, params: int, macs: int, *departures: str) -> ModelSpec:
    key = f"wide_resnet{depth}_2"
    return ModelSpec(
        key=key,
        family="wide_resnet",
        display_name=f"Wide ResNet-{depth}-2",
        build=partial(WideImageNetResNet, depth),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=PAPER,
        idea="ResNet in which the 3×3 convolution of a bottleneck has twice the channels.",
        stages=("relu", "layer1", "layer2", "layer3", "layer4", "fc"),
        initialisation=_INITIALISATION,
        exact_params=params,
        exact_macs=macs,
        counts_source="torchvision's network of the same name, which has the same layers",
        published=published(key),
        departures=departures,
        weights=public_weights(key),
    )


SPECS = (
    *(_cifar(depth, width) for depth, width in _CIFAR_COUNTS),
    _imagenet(
        50,
        68_883_240,
        11_398_021_120,
        "The blocks are those of ResNet, with batch normalisation behind each convolution: under "
        "100 layers the paper finds no gain in pre-activation here (Section 3).",
        "Table 8 prints a top-5 error of 6.03%, Table 9 one of 5.79% for the same network.",
    ),
    _imagenet(
        101,
        126_886_696,
        22_753_050_624,
        "The paper stops at 50 layers, since more would take 8 GPUs; torchvision trained this one.",
    ),
)
