"""Pre-activation ResNet: He, Zhang, Ren, Sun, "Identity Mappings in Deep ResNets" (ECCV 2016).

The idea: batch normalisation and ReLU stand before each convolution, so that nothing is left behind
the addition, y = x + F(x). What one unit puts out reaches every later unit as it is, and gradients
come back the same way: a network of 1001 layers can be trained. Figure 4(e):

    x ──┬─ BN ─ ReLU ─ 3×3 ─ BN ─ ReLU ─ 3×3 ─ + ── y
        └──────────────────────────────────────┘

Special cases (appendix): in the first unit of all, and where the shortcut is a projection, the
paths part behind the first ReLU; behind the last unit there is one more BN and ReLU.

    CIFAR, channels put out    32 × 32       16 × 16        8 × 8
    ResNet-110                 18 × 16       18 × 32        18 × 64
    ResNet-164, bottlenecks    18 × 64       18 × 128       18 × 256
    ResNet-1001, bottlenecks   111 × 64      111 × 128      111 × 256
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_depth
from cnn_models.families.resnet import shortcut_path
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper


class PreActUnit(nn.Module):
    """Equation 9, y = x + F(relu(bn(x))): (N, in, H, W) to (N, out, H/stride, W/stride)."""

    def __init__(
        self, in_channels: int, out_channels: int, stride: int, shortcut: str, first: bool
    ) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU()
        self.downsample = shortcut_path(shortcut, in_channels, out_channels, stride, norm=False)
        self.shares_activation = first or isinstance(self.downsample, nn.Conv2d)

    def branch(self, activated: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        activated = self.relu1(self.bn1(x))
        identity = activated if self.shares_activation else x
        if self.downsample is not None:
            identity = self.downsample(identity)
        return self.branch(activated) + identity


class BasicUnit(PreActUnit):
    """Two 3×3 convolutions, which put out `width` channels."""

    expansion = 1

    def __init__(
        self, in_channels: int, width: int, stride: int, shortcut: str = "A", first: bool = False
    ) -> None:
        super().__init__(in_channels, width, stride, shortcut, first)
        self.conv1 = nn.Conv2d(in_channels, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def branch(self, activated: Tensor) -> Tensor:
        return self.conv2(self.relu2(self.bn2(self.conv1(activated))))


class BottleneckUnit(PreActUnit):
    """1×1, 3×3 and 1×1, of which the last puts out 4 · `width` channels."""

    expansion = 4

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int,
        shortcut: str = "B",
        first: bool = False,
        stride_on_3x3: bool = False,
    ) -> None:
        super().__init__(in_channels, 4 * width, stride, shortcut, first)
        at_1x1, at_3x3 = (1, stride) if stride_on_3x3 else (stride, 1)
        self.conv1 = nn.Conv2d(in_channels, width, 1, at_1x1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, at_3x3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.relu3 = nn.ReLU()
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)

    def branch(self, activated: Tensor) -> Tensor:
        x = self.relu2(self.bn2(self.conv1(activated)))
        return self.conv3(self.relu3(self.bn3(self.conv2(x))))


Unit = type[BasicUnit] | type[BottleneckUnit]


def stage(
    unit: Unit, in_channels: int, width: int, units: int, stride: int, first: bool, **options: Any
) -> nn.Sequential:
    """`units` units of one width; the first takes the stride and the change of channels."""
    start = unit(in_channels, width, stride, first=first, **options)
    rest = [unit(width * unit.expansion, width, 1, **options) for _ in range(units - 1)]
    return nn.Sequential(start, *rest)


class CifarPreActResNet(nn.Module):
    """The CIFAR networks: (N, 3, 32, 32) to (N, num_classes); `shortcut` as in ResNet.

    Raises:
        ValueError: if `depth` is not 6n + 2, with bottlenecks 9n + 2, or `shortcut` is unknown.
    """

    def __init__(
        self, unit: Unit, depth: int, /, num_classes: int = 10, shortcut: str = "B"
    ) -> None:
        super().__init__()
        n = require_depth(depth, 6 if unit is BasicUnit else 9, 2)
        wider = unit.expansion
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.layer1 = stage(unit, 16, 16, n, 1, first=True, shortcut=shortcut)
        self.layer2 = stage(unit, 16 * wider, 32, n, 2, first=False, shortcut=shortcut)
        self.layer3 = stage(unit, 32 * wider, 64, n, 2, first=False, shortcut=shortcut)
        self.bn = nn.BatchNorm2d(64 * wider)
        self.relu = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64 * wider, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        x = self.relu(self.bn(x))
        return self.fc(self.avgpool(x).flatten(1))


class PreActResNet200(nn.Module):
    """ResNet-200 for ImageNet: (N, 3, 224, 224) to (N, num_classes); options as in ResNet.

    Raises:
        ValueError: if `shortcut` is unknown.
    """

    def __init__(
        self, num_classes: int = 1000, shortcut: str = "B", stride_on_3x3: bool = False
    ) -> None:
        super().__init__()
        unit: Any = partial(stage, BottleneckUnit, shortcut=shortcut, stride_on_3x3=stride_on_3x3)
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)  # 112 × 112
        self.bn1 = nn.BatchNorm2d(64)
        self.relu1 = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)  # 56 × 56
        self.layer1 = unit(64, 64, 3, 1, first=True)
        self.layer2 = unit(256, 128, 24, 2, first=False)  # 28 × 28
        self.layer3 = unit(512, 256, 36, 2, first=False)  # 14 × 14
        self.layer4 = unit(1024, 512, 3, 2, first=False)  # 7 × 7
        self.bn2 = nn.BatchNorm2d(2048)
        self.relu2 = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2048, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu1(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        x = self.relu2(self.bn2(x))
        return self.fc(self.avgpool(x).flatten(1))


PAPER = Paper(
    "Identity Mappings in Deep Residual Networks",
    "Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
    2016,
    "ECCV 2016",
    "1603.05027",
)


def _spec(
    key: str,
    build: Callable[..., nn.Module],
    params: int,
    macs: int,
    counts_source: str,
    *departures: str,
) -> ModelSpec:
    cifar, depth = key.startswith("cifar_"), key.partition("resnet")[2]
    before, behind = ("conv1", "relu") if cifar else ("relu1", "relu2")
    stages = ("layer1", "layer2", "layer3", *(() if cifar else ("layer4",)))
    return ModelSpec(
        key=key,
        family="resnet",
        display_name=f"Pre-activation ResNet-{depth}{' (CIFAR-10)' if cifar else ''}",
        build=build,
        input_shape=(3, 32, 32) if cifar else (3, 224, 224),
        num_classes=10 if cifar else 1000,
        paper=PAPER,
        idea="Normalisation and ReLU come before a convolution, so nothing follows the addition.",
        stages=(before, *stages, behind, "fc"),
        initialisation=he_in_words("outputs", "appendix"),
        exact_params=params,
        exact_macs=macs,
        counts_source=counts_source,
        published=published(key),
        departures=departures,
    )


def _bottlenecks(depth: int) -> Callable[..., nn.Module]:
    return partial(CifarPreActResNet, BottleneckUnit, depth)


_ARITHMETIC = "layer-by-layer arithmetic from the paper"

# fmt: off
SPECS = (
    _spec("cifar_preact_resnet110", partial(CifarPreActResNet, BasicUnit, 110, shortcut="A"),
          1_727_962, 252_887_680,
          "a sum by hand, and the 1.7M that Table 5 of the Wide ResNet paper prints",
          "The paper names no shortcut for the two units of ResNet-110 that change the shape; here "
          "it is the option A of the ResNet paper, which Section 3.1 follows, with its zeros "
          "behind the input: projections would make it 1,730,522 parameters."),
    _spec("cifar_preact_resnet164", _bottlenecks(164), 1_703_258, 244_500_992, _ARITHMETIC),
    _spec("cifar_preact_resnet1001", _bottlenecks(1001), 10_327_706, 1_487_849_984, _ARITHMETIC,
          "Table 4 prints 10.2M, which is what the convolutions and the linear layer have alone, "
          "10,178,490; batch normalisation adds 149,216."),
    _spec("preact_resnet200", PreActResNet200, 64_666_280, 14_776_270_848, _ARITHMETIC,
          "The stride is on the first 1×1 convolution, as in ResNet and the authors' CIFAR code; "
          "fb.resnet.torch, which trained the public network, has it on the 3×3, an option here: "
          "15.007 × 10⁹ multiply-adds instead of 14.776 × 10⁹.",
          "The stem keeps ResNet's batch normalisation and ReLU in front of its max pooling, and "
          "the first unit has its own; fb.resnet.torch leaves out the latter, 128 parameters."),
)
