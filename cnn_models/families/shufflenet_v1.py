"""ShuffleNet v1 (Zhang, Zhou, Lin, Sun, CVPR 2018).

The idea: most work of a small bottleneck network is in its 1×1 convolutions, so they are grouped,
and a channel shuffle between them lets the groups exchange what they found: the channels, seen as
g rows of n, are transposed to n rows of g, so that every group of the next layer gets some of
every group before. The paper's unit costs h·w·(2·c·m / g + 9·m) multiply-adds for c channels and
a bottleneck of m = c / 4. What is saved makes room for more channels.

Table 1 of the paper:        stem    28×28      14×14      7×7
    units                            1 + 3      1 + 7      1 + 3
    channels for g = 3       24      240        480        960

The first unit of a stage halves the map: its shortcut is an average pooling and is concatenated
instead of added. The very first 1×1 convolution is not grouped, since it reads 24 channels only.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper

# Channels of stages 2, 3 and 4 for each number of groups: Table 1.
CHANNELS = {
    1: (144, 288, 576),
    2: (200, 400, 800),
    3: (240, 480, 960),
    4: (272, 544, 1088),
    8: (384, 768, 1536),
}
UNITS = (4, 8, 4)  # in stages 2, 3 and 4, with the one that halves the map

# Channels of the first convolution for each width of Tables 2 and 5. Only width 1 is printed; with
# these the others have the multiply-adds that the two tables print.
STEM = {0.25: 12, 0.5: 12, 1.0: 24, 1.5: 24, 2.0: 48}


class ShuffleUnit(nn.Module):
    """Figure 2 (b) and (c): (N, inputs, H, W) to (N, outputs, H/stride, W/stride).

    With stride 1 the branch is added to the input, which has as many channels. With stride 2 it
    makes the channels that the pooled input lacks. `first_groups` are those of the first
    convolution where they are not `groups`.
    """

    def __init__(
        self, inputs: int, outputs: int, stride: int, groups: int, first_groups: int | None = None
    ) -> None:
        super().__init__()
        neck = _multiple_of(groups, outputs // 4)
        made = outputs if stride == 1 else outputs - inputs
        self.branch = nn.Sequential(
            OrderedDict(
                gconv1=nn.Conv2d(inputs, neck, 1, groups=first_groups or groups, bias=False),
                bn1=nn.BatchNorm2d(neck),
                relu1=nn.ReLU(),
                shuffle=nn.ChannelShuffle(groups),  # (g·n, H, W) -> (g, n, ...) -> (n, g, ...)
                dwconv=nn.Conv2d(neck, neck, 3, stride, padding=1, groups=neck, bias=False),
                bn2=nn.BatchNorm2d(neck),
                gconv2=nn.Conv2d(neck, made, 1, groups=groups, bias=False),
                bn3=nn.BatchNorm2d(made),
            )
        )
        if groups == 1:
            del self.branch.shuffle  # there is nothing to exchange
        self.pool = None if stride == 1 else nn.AvgPool2d(3, stride, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        if self.pool is None:
            return self.relu(x + self.branch(x))
        return self.relu(torch.cat((self.pool(x), self.branch(x)), dim=1))


class ShuffleNetV1(nn.Sequential):
    """ShuffleNet for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        num_classes: width of the output.
        groups: groups of the 1×1 convolutions: 1, 2, 3, 4 or 8, the columns of Table 1.
        width: the paper's scale factor on the number of channels: 0.25, 0.5, 1, 1.5 or 2. Where
            the groups do not divide the channels of the stem or a bottleneck, which the paper
            leaves open, they are rounded up.

    Raises:
        ValueError: if an option is none of these.
    """

    def __init__(self, num_classes: int = 1000, groups: int = 3, width: float = 1.0) -> None:
        if groups not in CHANNELS:
            raise ValueError(f"groups is {groups}; the paper's numbers are 1, 2, 3, 4 and 8.")
        if width not in STEM:
            raise ValueError(f"width is {width}; the paper's factors are 0.25, 0.5, 1, 1.5 and 2.")
        super().__init__()
        channels = _multiple_of(groups, STEM[width])
        self.stem = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(3, channels, 3, stride=2, padding=1, bias=False),  # 112 × 112
                bn1=nn.BatchNorm2d(channels),
                relu1=nn.ReLU(),
                maxpool=nn.MaxPool2d(3, stride=2, padding=1),  # 56 × 56
            )
        )
        for number, (full, units) in enumerate(zip(CHANNELS[groups], UNITS, strict=True), start=2):
            outputs = int(full * width)
            stage = nn.Sequential(
                ShuffleUnit(channels, outputs, 2, groups, 1 if number == 2 else None),
                *(ShuffleUnit(outputs, outputs, 1, groups) for _ in range(units - 1)),
            )
            self.add_module(f"stage{number}", stage)  # 28 × 28, 14 × 14, 7 × 7
            channels = outputs
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(channels, num_classes)
        he_normal(self, mode="fan_in")


def _multiple_of(groups: int, channels: int) -> int:
    return -(-channels // groups) * groups


_PAPER = Paper(
    title="ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices",
    authors="Xiangyu Zhang, Xinyu Zhou, Mengxiao Lin, Jian Sun",
    year=2017,
    venue="CVPR 2018",
    arxiv="1707.01083",
)


def _spec(groups: int, params: int, macs: int, *departures: str) -> ModelSpec:
    key = f"shufflenet_v1_g{groups}"
    convolutions = macs - 1000 * CHANNELS[groups][-1]
    return ModelSpec(
        key=key,
        family="shufflenet",
        display_name=f"ShuffleNet v1 (g = {groups})",
        build=partial(ShuffleNetV1, groups=groups),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea="1×1 convolutions in groups, and a channel shuffle that lets the groups exchange what "
        "they found.",
        stages=("stem", "stage2", "stage3", "stage4", "fc"),
        initialisation=he_in_words("inputs"),
        exact_params=params,
        exact_macs=macs,
        counts_source="the convolutions' multiply-adds in Table 1, and the parameters that "
        "pytorchcv's network of the same layers has",
        published=published(key),
        departures=(
            f"Table 1 counts convolutions only, which have {convolutions / 1e6:.1f} million "
            f"multiply-adds; with the linear layer there are {macs / 1e6:.1f} million, and Table 2 "
            "prints 140 million for every number of groups.",
            *departures,
        ),
    )


_NO_BIAS = (
    "The code that the authors released later has no bias in its linear layer: 1,000 parameters "
    "fewer."
)
_SHUFFLES = (
    "The first unit's shuffle, drawn in every unit of Figure 2, follows a convolution without "
    "groups, whose channels it only renames.",
    "The authors' later code shuffles behind the depthwise convolution instead of before it: the "
    "same function, with the depthwise filters in another order.",
)
_TABLE_5 = (
    "Table 5 counts the linear layer as well: its 292 and 524 million for width=1.5 and width=2 "
    "are the 292.4 and 524.0 million multiply-adds of all layers, if the first convolution has 24 "
    "and 48 channels."
)

SPECS = (
    _spec(1, 1_531_936, 143_078_976, _NO_BIAS),
    _spec(2, 1_733_848, 140_836_512, _NO_BIAS, *_SHUFFLES),
    _spec(3, 1_865_728, 137_460_672, _NO_BIAS, *_SHUFFLES, _TABLE_5),
    _spec(4, 1_968_344, 134_339_776, _NO_BIAS, *_SHUFFLES),
    _spec(8, 2_434_768, 138_365_952, _NO_BIAS, *_SHUFFLES),
)
