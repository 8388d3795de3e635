"""ResNet: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (CVPR 2016).

The idea: a block learns what to add to its input, y = relu(F(x) + x), so that a deeper network can
always fall back on copying. The plain networks are the same stacks without the addition. These are
the networks for ImageNet; `cifar_resnet` has the small ones for CIFAR-10.

Departures: the keys ending in v1_5 put the stride of a bottleneck on its 3×3 convolution, as the
public weights need; the paper's stride is on the first 1×1. Option A puts its zeros after the
existing channels.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


class ZeroPadShortcut(nn.Module):
    """Option A: (N, in, H, W) to (N, out, ⌈H/stride⌉, ⌈W/stride⌉) without any parameter."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.new_channels = out_channels - in_channels
        self.subsample = nn.AvgPool2d(kernel_size=1, stride=stride)  # a mean over one pixel

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(self.subsample(x), (0, 0, 0, 0, 0, self.new_channels))


def shortcut_path(
    kind: str, in_channels: int, out_channels: int, stride: int, norm: bool = True
) -> nn.Module | None:
    """Make what a block adds its branch to; None means the input itself.

    `kind` is the paper's option: "A" pads with zeros where the shape changes, "B" projects there
    with a 1×1 convolution, "C" projects in every block (Section 4.1, Table 3). Batch
    normalisation follows a projection, unless `norm` is False.

    Raises:
        ValueError: for any other kind.
    """
    if kind not in ("A", "B", "C"):
        raise ValueError(f"shortcut is {kind!r}; the paper defines 'A', 'B' and 'C'.")
    if kind != "C" and stride == 1 and in_channels == out_channels:
        return None
    if kind == "A":
        return ZeroPadShortcut(in_channels, out_channels, stride)
    projection = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
    return nn.Sequential(projection, nn.BatchNorm2d(out_channels)) if norm else projection


class PlainBlock(nn.Module):
    """Two 3×3 convolutions: (N, in, H, W) to (N, width, H/stride, W/stride)."""

    expansion = 1

    def __init__(self, in_channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()

    def branch(self, x: Tensor) -> Tensor:
        x = self.relu1(self.bn1(self.conv1(x)))
        return self.bn2(self.conv2(x))

    def forward(self, x: Tensor) -> Tensor:
        return self.relu2(self.branch(x))


class BasicBlock(PlainBlock):
    """The plain block with its input added before the last ReLU (Figure 5, left)."""

    def __init__(self, in_channels: int, width: int, stride: int, shortcut: str = "B") -> None:
        super().__init__(in_channels, width, stride)
        self.downsample = shortcut_path(shortcut, in_channels, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        return self.relu2(self.branch(x) + identity)


class Bottleneck(nn.Module):
    """1×1, 3×3, 1×1 (Figure 5, right): (N, in, H, W) to (N, 4·width, H/stride, W/stride).

    Its 3×3 convolution works on `width` channels; in later papers on `inner`, or in `groups`.
    """

    expansion = 4

    def __init__(
        self,
        in_channels: int,
        width: int,
        stride: int,
        shortcut: str = "B",
        stride_on_3x3: bool = False,
        inner: int | None = None,
        groups: int = 1,
    ) -> None:
        super().__init__()
        first, second = (1, stride) if stride_on_3x3 else (stride, 1)
        inner, out_channels = inner or width, width * self.expansion
        self.conv1 = nn.Conv2d(in_channels, inner, 1, first, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(inner, inner, 3, second, padding=1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(inner, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = shortcut_path(shortcut, in_channels, out_channels, stride)
        self.relu3 = nn.ReLU()

    def branch(self, x: Tensor) -> Tensor:
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.relu2(self.bn2(self.conv2(x)))
        return self.bn3(self.conv3(x))

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        return self.relu3(self.branch(x) + identity)


Block = type[PlainBlock] | type[Bottleneck]


def stage(
    block: Block, in_channels: int, width: int, blocks: int, stride: int, **options: Any
) -> nn.Sequential:
    """`blocks` blocks of one width; the first takes the stride and the change of channels."""
    first = block(in_channels, width, stride, **options)
    rest = [block(width * block.expansion, width, 1, **options) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)


# Table 1: blocks in conv2_x (56 × 56), conv3_x (28 × 28), conv4_x (14 × 14) and conv5_x (7 × 7),
# whose 3×3 convolutions have 64, 128, 256 and 512 channels.
TABLE_1 = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}


class ResNet(nn.Module):
    """The ImageNet networks of Table 1: (N, 3, 224, 224) to (N, num_classes).

    `depth` is one of TABLE_1. `options` go to every block: `shortcut`, and for bottlenecks
    `stride_on_3x3`.

    Raises:
        ValueError: if `shortcut` is unknown.
    """

    def __init__(self, block: Block, depth: int, num_classes: int = 1000, **options: Any):
        super().__init__()
        blocks, wider = TABLE_1[depth], block.expansion
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)  # 112 × 112
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)  # 56 × 56
        self.layer1 = stage(block, 64, 64, blocks[0], 1, **options)
        self.layer2 = stage(block, 64 * wider, 128, blocks[1], 2, **options)  # 28 × 28
        self.layer3 = stage(block, 128 * wider, 256, blocks[2], 2, **options)  # 14 × 14
        self.layer4 = stage(block, 256 * wider, 512, blocks[3], 2, **options)  # 7 × 7
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512 * wider, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


PAPER = Paper(
    "Deep Residual Learning for Image Recognition",
    "Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
    2015,
    "CVPR 2016",
    "1512.03385",
)

INITIALISATION = he_in_words("outputs", "Section 3.4")

# The idea of each kind of network.
PLAIN = "The residual network without its shortcuts: it shows what depth alone can do."
BASIC = "Two 3×3 convolutions learn what to add to their input, instead of a replacement."
_NECK = "1×1 convolutions reduce and restore the channels round a 3×3, and the input is added."
_OPTION_B = (
    "Shortcuts are option B, a 1×1 projection where the shape changes: 173,824 parameters and "
    "19.3 M multiply-adds more than option A, whose counts are those of the plain network."
)
_ROUNDS_TO_3_7 = (
    "Table 1 prints 3.6 × 10⁹; option A has 3.644 × 10⁹ multiply-adds and option B, which is used "
    "here, 3.664 × 10⁹."
)
_ROUNDS_TO_3_9 = "Table 1 prints 3.8 × 10⁹ where its layers have 3.858 × 10⁹ multiply-adds."
_MOVED = (
    "The stride is on the 3×3 convolution, as the public weights need, not on the first 1×1: "
    "as many parameters, but {} × 10⁹ multiply-adds where the paper's has {} × 10⁹."
)


def _spec(
    key: str, build: Callable[..., nn.Module], params: int, macs: int, idea: str, *departures: str
) -> ModelSpec:
    weights, name = public_weights(key), key.replace("_v1_5", " v1.5")
    torchvision = "torchvision's network, which has the same layers"
    return ModelSpec(
        key=key,
        family="resnet",
        display_name=name.replace("plain", "Plain-").replace("resnet", "ResNet-"),
        build=build,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=PAPER,
        idea=idea,
        stages=("relu", "layer1", "layer2", "layer3", "layer4", "fc"),
        initialisation=INITIALISATION,
        exact_params=params,
        exact_macs=macs,
        counts_source=torchvision if weights else "layer-by-layer arithmetic from the paper",
        published=published(key),
        departures=departures,
        weights=weights,
        public_version=f"{key}_v1_5" if key in ("resnet50", "resnet101", "resnet152") else None,
    )


_V1_5 = partial(ResNet, Bottleneck, stride_on_3x3=True)

# fmt: off
SPECS = (
    _spec("plain18", partial(ResNet, PlainBlock, 18), 11_515_688, 1_794_805_760, PLAIN),
    _spec("plain34", partial(ResNet, PlainBlock, 34), 21_623_848, 3_644_493_824, PLAIN),
    _spec("resnet18", partial(ResNet, BasicBlock, 18), 11_689_512, 1_814_073_344, BASIC,
          _OPTION_B),
    _spec("resnet34", partial(ResNet, BasicBlock, 34), 21_797_672, 3_663_761_408, BASIC,
          _OPTION_B, _ROUNDS_TO_3_7),
    _spec("resnet50", partial(ResNet, Bottleneck, 50), 25_557_032, 3_857_973_248, _NECK,
          _ROUNDS_TO_3_9),
    _spec("resnet101", partial(ResNet, Bottleneck, 101), 44_549_160, 7_570_194_432, _NECK),
    _spec("resnet152", partial(ResNet, Bottleneck, 152), 60_192_808, 11_282_415_616, _NECK),
    _spec("resnet50_v1_5", partial(_V1_5, 50), 25_557_032, 4_089_184_256, _NECK,
          _MOVED.format("4.089", "3.858")),
    _spec("resnet101_v1_5", partial(_V1_5, 101), 44_549_160, 7_801_405_440, _NECK,
          _MOVED.format("7.801", "7.570")),
    _spec("resnet152_v1_5", partial(_V1_5, 152), 60_192_808, 11_513_626_624, _NECK,
          _MOVED.format("11.514", "11.282")),
)
