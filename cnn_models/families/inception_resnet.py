"""Inception-ResNet v1 and v2: Szegedy et al., "Inception-v4, Inception-ResNet" (AAAI 2017).

The idea: Inception blocks that learn what to add to their input. The branches are narrow; a 1×1
convolution without batch norm and ReLU (the figures call it linear) widens them to the input's
channels, and what it gives is scaled down before the addition, or very wide networks die.

Departures: v1 is the paper's (Figures 10 to 15). v2 is the network that Google released, which has
twice the blocks of Figure 15 and another stem than Figure 3; the spec says how they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from torch import Tensor, nn

from cnn_models.blocks.branches import Layer, SideBySide, chain, conv_unit
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.families.inception_v4 import PAPER, pool_projection
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec

Branches = Sequence[Sequence[Layer]]


def side_by_side(inputs: int, branches: Branches, *more: nn.Module) -> SideBySide:
    """Chains of convolutions that all read `inputs` channels, and `more` branches behind them."""
    return SideBySide(*(chain(inputs, *layers) for layers in branches), *more)


class ResidualBlock(nn.Module):
    """relu(x + scale · linear(branches(x))): (N, channels, H, W) to the same (Figure 20)."""

    def __init__(self, channels: int, branches: Branches, scale: float, relu: bool = True) -> None:
        super().__init__()
        self.scale = scale
        self.branches = side_by_side(channels, branches)
        self.linear = nn.Conv2d(sum(layers[-1][0] for layers in branches), channels, 1)
        self.relu = nn.ReLU() if relu else None

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.linear(self.branches(x)) * self.scale
        return x if self.relu is None else self.relu(x)


def stem_start() -> nn.Sequential:
    """What both stems begin with, as Inception-v3: (N, 3, 299, 299) to (N, 192, 71, 71)."""
    return nn.Sequential(
        conv_unit(3, 32, 3, "2V"),  # 149 × 149
        conv_unit(32, 32, 3, "V"),  # 147 × 147
        conv_unit(32, 64, 3),
        nn.MaxPool2d(3, stride=2),  # 73 × 73
        conv_unit(64, 80, 1),
        conv_unit(80, 192, 3, "V"),  # 71 × 71
    )


def stem_v1() -> nn.Sequential:
    """Figure 14: (N, 3, 299, 299) to (N, 256, 35, 35)."""
    return nn.Sequential(*stem_start(), conv_unit(192, 256, 3, "2V"))


def stem_v2() -> nn.Sequential:
    """As released, with a pooling and an Inception block: to (N, 320, 35, 35)."""
    branches: Branches = [[(96, 1)], [(48, 1), (64, 5)], [(64, 1), (96, 3), (96, 3)]]
    mixed = side_by_side(192, branches, pool_projection(192, 64))
    return nn.Sequential(*stem_start(), nn.MaxPool2d(3, stride=2), mixed)


class Version(NamedTuple):
    """What the figures of one version show: (96, 3) is a 3×3 convolution with 96 channels."""

    stem: Callable[[], nn.Sequential]
    channels: tuple[int, int, int]  # at 35 × 35, 17 × 17 and 8 × 8
    blocks: tuple[int, int, int]
    a: Branches
    reduction_a: Branches
    b: Branches
    reduction_b: Branches
    c: Branches
    end: int | None = None  # channels of a 1×1 convolution behind one more C block, without ReLU


V1 = Version(
    stem_v1,
    channels=(256, 896, 1792),
    blocks=(5, 10, 5),
    a=[[(32, 1)], [(32, 1), (32, 3)], [(32, 1), (32, 3), (32, 3)]],  # Figure 10
    reduction_a=[[(384, 3, "2V")], [(192, 1), (192, 3), (256, 3, "2V")]],  # Figure 7, Table 1
    b=[[(128, 1)], [(128, 1), (128, (1, 7)), (128, (7, 1))]],  # Figure 11
    reduction_b=[  # Figure 12
        [(256, 1), (384, 3, "2V")],
        [(256, 1), (256, 3, "2V")],
        [(256, 1), (256, 3), (256, 3, "2V")],
    ],
    c=[[(192, 1)], [(192, 1), (192, (1, 3)), (192, (3, 1))]],  # Figure 13
)

V2 = Version(
    stem_v2,
    channels=(320, 1088, 2080),
    blocks=(10, 20, 9),
    a=[[(32, 1)], [(32, 1), (32, 3)], [(32, 1), (48, 3), (64, 3)]],  # Figure 16
    reduction_a=[[(384, 3, "2V")], [(256, 1), (256, 3), (384, 3, "2V")]],  # Figure 7, Table 1
    b=[[(192, 1)], [(128, 1), (160, (1, 7)), (192, (7, 1))]],  # Figure 17
    reduction_b=[  # Figure 18
        [(256, 1), (384, 3, "2V")],
        [(256, 1), (288, 3, "2V")],
        [(256, 1), (288, 3), (320, 3, "2V")],
    ],
    c=[[(192, 1)], [(192, 1), (224, (1, 3)), (256, (3, 1))]],  # Figure 19
    end=1536,
)


def repeated(count: int, channels: int, branches: Branches, scale: float) -> nn.Sequential:
    """`count` residual blocks of one kind."""
    return nn.Sequential(*(ResidualBlock(channels, branches, scale) for _ in range(count)))


SCALES = (0.17, 0.10, 0.20)  # of A, B and C in Google's release; the paper says 0.1 to 0.3


class InceptionResNet(nn.Module):
    """Figure 15: (N, 3, 299, 299) to (N, num_classes).

    Args:
        version: V1 or V2.
        num_classes: width of the output.
        scales: what the residuals of the A, B and C blocks are multiplied by before the addition,
            each over 0 and up to 1.
        dropout: probability for a value before the classifier to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        version: Version,
        /,
        num_classes: int = 1000,
        scales: tuple[float, float, float] = SCALES,
        dropout: float = 0.2,
    ) -> None:
        require_below_one(dropout=dropout)
        super().__init__()
        if len(scales) != 3 or not all(0 < scale <= 1 for scale in scales):
            raise ValueError(f"scales is {scales}; it is three numbers over 0 and up to 1.")
        at_35, at_17, at_8 = version.channels
        self.stem = version.stem()
        self.inception_a = repeated(version.blocks[0], at_35, version.a, scales[0])
        self.reduction_a = side_by_side(at_35, version.reduction_a, nn.MaxPool2d(3, stride=2))
        self.inception_b = repeated(version.blocks[1], at_17, version.b, scales[1])
        self.reduction_b = side_by_side(at_17, version.reduction_b, nn.MaxPool2d(3, stride=2))
        self.inception_c = repeated(version.blocks[2], at_8, version.c, scales[2])
        self.end = None
        if version.end is not None:
            last = ResidualBlock(at_8, version.c, scale=1.0, relu=False)
            self.end = nn.Sequential(last, conv_unit(at_8, version.end, 1))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(version.end or at_8, num_classes)
        he_normal(self, mode="fan_in")
        limit_input_size(self, smallest=75)

    def forward(self, x: Tensor) -> Tensor:
        x = self.inception_a(self.stem(x))
        x = self.inception_b(self.reduction_a(x))
        x = self.inception_c(self.reduction_b(x))
        if self.end is not None:
            x = self.end(x)
        return self.fc(self.dropout(self.avgpool(x).flatten(1)))


_STAGES = ("stem", "inception_a", "reduction_a", "inception_b", "reduction_b", "inception_c")
_SCALED = (
    "The scales of the residuals are those of Google's release of v2, 0.17, 0.10 and 0.20; the "
    "paper says 0.1 to 0.3 (option scales)."
)


def _spec(
    key: str, version: Version, params: int, macs: int, counts_source: str, *departures: str
) -> ModelSpec:
    return ModelSpec(
        key=key,
        family="inception",
        display_name=key.replace("inception_resnet_", "Inception-ResNet-"),
        build=partial(InceptionResNet, version),
        input_shape=(3, 299, 299),
        num_classes=1000,
        paper=PAPER,
        idea="Inception blocks learn what to add to their input, scaled down so that wide networks "
        "train without dying.",
        stages=(*_STAGES, *(("end",) if version.end else ()), "fc"),
        initialisation=he_in_words("inputs"),
        exact_params=params,
        exact_macs=macs,
        counts_source=counts_source,
        published=published(key),
        departures=departures,
        weights=public_weights(key),
    )


SPECS = (
    _spec(
        "inception_resnet_v1",
        V1,
        22_756_328,
        6_206_361_696,
        "layer-by-layer arithmetic from Figures 10 to 15",
        _SCALED,
    ),
    _spec(
        "inception_resnet_v2",
        V2,
        55_843_464,
        13_155_794_016,
        "timm's network, which has the same layers",
        "Figure 15 repeats the blocks 5, 10 and 5 times; the released network, which is built "
        "here, has 10, 20 and 10.",
        "The stem is Inception-v3's and one block with 320 channels, not Figure 3 with 384; the "
        "maps have 320, 1088 and 2080 channels where the figures' have 384, 1152 and 2144.",
        "The figures print 1154 channels behind B and 2048 behind C, where what they add to has "
        "384 + 384 + 384 = 1152 and 1152 + 384 + 288 + 320 = 2144.",
        "Built as the figures draw it, with these 1152 and 2144, the network would have 32,433,928 "
        "parameters and 9.258 G multiply-adds.",
        "The last C block adds its residual unscaled and has no ReLU, and a 1×1 convolution to "
        "1536 channels follows; the figures show neither.",
        _SCALED,
    ),
)
