"""ShuffleNet v2 (Ma, Zhang, Zheng, Sun, ECCV 2018).

The idea: what counts is time on a device, not multiply-adds. The paper measures four rules, to keep
layers equally wide, to group little, to branch little and to add little, and draws the unit that
follows them: the channels are split in halves, one half passes untouched, the other goes through
three convolutions of equal width, both are laid side by side and a channel shuffle mixes them.

Table 5 of the paper:        stem    28×28      14×14      7×7               7×7
    units                            1 + 3      1 + 7      1 + 3             1×1 convolution
    channels at width 1      24      116        232        464               1024

The first unit of a stage does not split: both branches read all channels and halve the map.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Channels of stages 2, 3 and 4 and of the 1×1 convolution behind them, for each width: Table 5.
CHANNELS = {
    0.5: (48, 96, 192, 1024),
    1.0: (116, 232, 464, 1024),
    1.5: (176, 352, 704, 1024),
    2.0: (244, 488, 976, 2048),
}
UNITS = (4, 8, 4)  # in stages 2, 3 and 4, with the one that halves the map
STEM = 24  # channels of the first convolution, at every width


def right_branch(inputs: int, width: int, stride: int) -> nn.Sequential:
    """Figure 3 (c) and (d), right: (N, inputs, H, W) to (N, width, H/stride, W/stride)."""
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(inputs, width, 1, bias=False),
            bn1=nn.BatchNorm2d(width),
            relu1=nn.ReLU(),
            dwconv=nn.Conv2d(width, width, 3, stride, padding=1, groups=width, bias=False),
            bn2=nn.BatchNorm2d(width),
            conv2=nn.Conv2d(width, width, 1, bias=False),
            bn3=nn.BatchNorm2d(width),
            relu2=nn.ReLU(),
        )
    )


class BasicUnit(nn.Module):
    """Figure 3 (c): (N, channels, H, W) keeps its shape, and half of it its values."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.right = right_branch(channels // 2, channels // 2, stride=1)
        self.shuffle = nn.ChannelShuffle(2)  # (2·n, H, W) -> (2, n, ...) -> (n, 2, ...)

    def forward(self, x: Tensor) -> Tensor:
        kept, worked = x.chunk(2, dim=1)  # 2 × (N, channels / 2, H, W)
        return self.shuffle(torch.cat((kept, self.right(worked)), dim=1))


class DownUnit(nn.Module):
    """Figure 3 (d): (N, inputs, H, W) to (N, outputs, H/2, W/2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        width = outputs // 2
        self.left = nn.Sequential(
            OrderedDict(
                dwconv=nn.Conv2d(inputs, inputs, 3, 2, padding=1, groups=inputs, bias=False),
                bn1=nn.BatchNorm2d(inputs),
                conv=nn.Conv2d(inputs, width, 1, bias=False),
                bn2=nn.BatchNorm2d(width),
                relu=nn.ReLU(),
            )
        )
        self.right = right_branch(inputs, width, stride=2)
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, x: Tensor) -> Tensor:
        return self.shuffle(torch.cat((self.left(x), self.right(x)), dim=1))


class ShuffleNetV2(nn.Sequential):
    """ShuffleNet v2 for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        num_classes: width of the output.
        width: the paper's level of complexity, a column of Table 5: 0.5, 1, 1.5 or 2.

    Raises:
        ValueError: if `width` is none of these.
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0) -> None:
        if width not in CHANNELS:
            raise ValueError(f"width is {width}; the columns of Table 5 are 0.5, 1, 1.5 and 2.")
        super().__init__()
        *stages, last = CHANNELS[width]
        self.stem = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(3, STEM, 3, stride=2, padding=1, bias=False),  # 112 × 112
                bn1=nn.BatchNorm2d(STEM),
                relu1=nn.ReLU(),
                maxpool=nn.MaxPool2d(3, stride=2, padding=1),  # 56 × 56
            )
        )
        channels = STEM
        for number, (outputs, units) in enumerate(zip(stages, UNITS, strict=True), start=2):
            rest = (BasicUnit(outputs) for _ in range(units - 1))
            stage = nn.Sequential(DownUnit(channels, outputs), *rest)
            self.add_module(f"stage{number}", stage)  # 28 × 28, 14 × 14, 7 × 7
            channels = outputs
        conv = nn.Conv2d(channels, last, 1, bias=False)
        self.conv5 = nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(last), relu=nn.ReLU()))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(last, num_classes)
        he_normal(self, mode="fan_in")


_PAPER = Paper(
    title="ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design",
    authors="Ningning Ma, Xiangyu Zhang, Hai-Tao Zheng, Jian Sun",
    year=2018,
    venue="ECCV 2018",
    arxiv="1807.11164",
)


def _spec(width: float, params: int, macs: int, departure: str) -> ModelSpec:
    key = f"shufflenet_v2_x{width}".replace(".", "_")
    return ModelSpec(
        key=key,
        family="shufflenet",
        display_name=f"ShuffleNet v2 ×{width}",
        build=partial(ShuffleNetV2, width=width),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea="Half of the channels pass a unit untouched, the other half goes through three "
        "convolutions as wide as itself, and a shuffle mixes them.",
        stages=("stem", "stage2", "stage3", "stage4", "conv5", "fc"),
        initialisation=he_in_words("inputs"),
        exact_params=params,
        exact_macs=macs,
        counts_source="torchvision's network of the same name, which has the same layers",
        published=published(key),
        departures=(departure, _NO_BIAS),
        weights=public_weights(key),
    )


_NO_BIAS = (
    "The code that the authors released later has no bias in its linear layer: 1,000 parameters "
    "fewer."
)


def _halves(each: int, authors: int, params: str, extra: str, total: str, printed: str) -> str:
    return (
        f"The first unit of stage 2 makes {each} channels in each branch, as the public weights "
        f"need; in the authors' later code the left branch keeps its 24 and the right one makes "
        f"{authors}: {params} parameters and {extra} million multiply-adds more, together the "
        f"{total} million that Table 5 prints as {printed}."
    )


# fmt: off
SPECS = (
    _spec(0.5, 1_366_792, 40_476_448,
          "Table 5 prints 41M where all layers together have 40.5 million multiply-adds."),
    _spec(1.0, 2_278_604, 144_907_992, _halves(58, 92, "1,156", "0.91", "145.8", "146M")),
    _spec(1.5, 3_503_624, 295_759_392, _halves(88, 152, "4,096", "3.21", "299.0", "299M")),
    _spec(2.0, 7_393_996, 583_253_464, _halves(122, 220, "9,604", "7.53", "590.8", "591M")),
)
