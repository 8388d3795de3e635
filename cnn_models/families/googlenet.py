"""GoogLeNet: Szegedy et al., "Going Deeper with Convolutions" (CVPR 2015).

The idea: look at every place through windows of several sizes at once, and let cheap 1×1
convolutions narrow the input before the wide windows. Nine such blocks and hardly any fully
connected weights: a twelfth of AlexNet's parameters.

Departures: the paper gives no constants for local response normalisation (here those of Caffe's
GoogLeNet, which are also torch's) and no initialisation (here He's of 2015). `googlenet_bn` is the
network that torchvision trained, with batch normalisation, and 3×3 where the paper has 5×5.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


def conv_unit(
    in_channels: int, out_channels: int, kernel: int, stride: int = 1, batch_norm: bool = False
) -> nn.Sequential:
    """Make a convolution that keeps H and W (divided by the stride), and its ReLU."""
    conv = nn.Conv2d(
        in_channels, out_channels, kernel, stride, padding=kernel // 2, bias=not batch_norm
    )
    unit = nn.Sequential()
    unit.add_module("conv", conv)
    if batch_norm:
        unit.add_module("bn", nn.BatchNorm2d(out_channels, eps=1e-3))
    unit.add_module("relu", nn.ReLU())
    return unit


class Widths(NamedTuple):
    """One row of Table 1: the channels of the convolutions of an Inception block."""

    one: int
    three_reduce: int
    three: int
    five_reduce: int
    five: int
    pool_proj: int


TABLE_1 = {
    #            #1×1  #3×3 reduce  #3×3  #5×5 reduce  #5×5  pool proj
    "3a": Widths(64, 96, 128, 16, 32, 32),  # 28 × 28 × 256
    "3b": Widths(128, 128, 192, 32, 96, 64),  # 28 × 28 × 480
    "4a": Widths(192, 96, 208, 16, 48, 64),  # 14 × 14 × 512
    "4b": Widths(160, 112, 224, 24, 64, 64),  # 14 × 14 × 512
    "4c": Widths(128, 128, 256, 24, 64, 64),  # 14 × 14 × 512
    "4d": Widths(112, 144, 288, 32, 64, 64),  # 14 × 14 × 528
    "4e": Widths(256, 160, 320, 32, 128, 128),  # 14 × 14 × 832
    "5a": Widths(256, 160, 320, 32, 128, 128),  # 7 × 7 × 832
    "5b": Widths(384, 192, 384, 48, 128, 128),  # 7 × 7 × 1024
}


class Inception(nn.Module):
    """Four branches side by side (Figure 2b): (N, in, H, W) to (N, sum, H, W)."""

    def __init__(self, in_channels: int, widths: Widths, batch_norm: bool) -> None:
        super().__init__()
        unit = partial(conv_unit, batch_norm=batch_norm)
        five = 3 if batch_norm else 5  # torchvision kept TensorFlow's 3×3
        self.branch1 = unit(in_channels, widths.one, 1)
        self.branch2 = nn.Sequential(
            unit(in_channels, widths.three_reduce, 1), unit(widths.three_reduce, widths.three, 3)
        )
        self.branch3 = nn.Sequential(
            unit(in_channels, widths.five_reduce, 1), unit(widths.five_reduce, widths.five, five)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), unit(in_channels, widths.pool_proj, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class AuxiliaryHead(nn.Module):
    """A small classifier on the way, used in training only: (N, in, 14, 14) to (N, classes)."""

    def __init__(self, in_channels: int, num_classes: int, batch_norm: bool) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(4) if batch_norm else nn.AvgPool2d(5, stride=3)  # 4 × 4
        self.conv = conv_unit(in_channels, 128, 1, batch_norm=batch_norm)
        self.fc1 = nn.Linear(128 * 4 * 4, 1024)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(self.pool(x)).flatten(1)
        return self.fc2(self.dropout(self.relu(self.fc1(x))))


class Logits(NamedTuple):
    """What GoogLeNet answers in training mode with auxiliary heads; each (N, num_classes).

    The paper adds both auxiliary losses to the loss of `logits` with weight 0.3.
    """

    logits: Tensor
    aux1: Tensor
    aux2: Tensor


def stem(batch_norm: bool) -> nn.Sequential:
    """Make what comes before the first Inception block: (N, 3, 224, 224) to (N, 192, 28, 28)."""
    unit = partial(conv_unit, batch_norm=batch_norm)
    layers: dict[str, nn.Module] = {
        "conv1": unit(3, 64, 7, 2),  # 112 × 112
        "pool1": nn.MaxPool2d(3, stride=2, ceil_mode=True),  # 56 × 56
        "norm1": nn.LocalResponseNorm(5),
        "conv2": unit(64, 64, 1),
        "conv3": unit(64, 192, 3),
        "norm2": nn.LocalResponseNorm(5),
        "pool2": nn.MaxPool2d(3, stride=2, ceil_mode=True),  # 28 × 28
    }
    if batch_norm:
        del layers["norm1"], layers["norm2"]
    sequence = nn.Sequential()
    for name, layer in layers.items():
        sequence.add_module(name, layer)
    return sequence


class GoogLeNet(nn.Module):
    """Table 1: (N, 3, 224, 224) to (N, num_classes), or to `Logits` in training with heads.

    The paper's heads learn from images of 223 to 270 pixels, since they end in fixed layers.
    """

    def __init__(
        self, batch_norm: bool, /, num_classes: int = 1000, aux_heads: bool = False
    ) -> None:
        super().__init__()
        self.stem = stem(batch_norm)
        block = partial(Inception, batch_norm=batch_norm)
        self.inception3a = block(192, TABLE_1["3a"])
        self.inception3b = block(256, TABLE_1["3b"])
        self.pool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)  # 14 × 14
        self.inception4a = block(480, TABLE_1["4a"])
        self.inception4b = block(512, TABLE_1["4b"])
        self.inception4c = block(512, TABLE_1["4c"])
        self.inception4d = block(512, TABLE_1["4d"])
        self.inception4e = block(528, TABLE_1["4e"])
        self.pool4 = nn.MaxPool2d(2 if batch_norm else 3, stride=2, ceil_mode=True)  # 7 × 7
        self.inception5a = block(832, TABLE_1["5a"])
        self.inception5b = block(832, TABLE_1["5b"])
        self.aux1 = AuxiliaryHead(512, num_classes, batch_norm) if aux_heads else None
        self.aux2 = AuxiliaryHead(528, num_classes, batch_norm) if aux_heads else None
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2 if batch_norm else 0.4)
        self.fc = nn.Linear(1024, num_classes)
        # Over the fan-out, and without batch normalisation behind it, a 1×1 convolution from 192
        # to 16 channels would multiply the variance of its input by twelve.
        he_normal(self, mode="fan_in")
        limit_input_size(self, smallest=15 if batch_norm else 31)
        if aux_heads and not batch_norm:  # whose windows must pool to 4 × 4
            limit_input_size(self, smallest=223, largest=270, training_only=True)

    def forward(self, x: Tensor) -> Tensor | Logits:
        x = self.stem(x)
        x = self.pool3(self.inception3b(self.inception3a(x)))
        after_4a = self.inception4a(x)
        after_4d = self.inception4d(self.inception4c(self.inception4b(after_4a)))
        x = self.pool4(self.inception4e(after_4d))
        x = self.inception5b(self.inception5a(x))
        logits = self.fc(self.dropout(self.avgpool(x).flatten(1)))
        if self.training and self.aux1 is not None and self.aux2 is not None:
            return Logits(logits, self.aux1(after_4a), self.aux2(after_4d))
        return logits


PAPER = Paper(
    "Going Deeper with Convolutions",
    "Christian Szegedy, Wei Liu, Yangqing Jia, Pierre Sermanet, Scott Reed, Dragomir Anguelov, "
    "Dumitru Erhan, Vincent Vanhoucke, Andrew Rabinovich",
    2014,
    "CVPR 2015",
    "1409.4842",
)

STAGES = ("stem.conv1", "stem.conv3", *(f"inception{name}" for name in TABLE_1), "fc")

SPECS = (
    ModelSpec(
        key="googlenet",
        family="inception",
        display_name="GoogLeNet",
        build=partial(GoogLeNet, False),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=PAPER,
        idea="Each block looks through 1×1, 3×3 and 5×5 windows at once; 1×1 convolutions first "
        "reduce the channels, which keeps the wide windows cheap.",
        stages=STAGES,
        initialisation=he_in_words("inputs"),
        exact_params=6_998_552,
        exact_macs=1_582_671_872,
        published=published("googlenet"),
        departures=(
            "Table 1 prints 2.7K parameters and 34M operations for the first convolution; a 7×7 "
            "convolution from 3 to 64 channels has 9,408 weights (9,472 parameters with biases) "
            "and 118.0 M multiply-adds.",
            "Table 1 prints 1072K and 54M for block 5a; its own widths give 1,042,432 weights "
            "(1018K) and 51.1 M multiply-adds.",
            "Table 1 prints 463K for block 4c; its own widths give 509,440 weights (497K). The "
            "other rows agree within 3%, with K meaning 1024.",
            "The two auxiliary heads are an option (aux_heads=True, 13,378,280 parameters with "
            "them) and answer in training mode only.",
            "The paper gives no constants for local response normalisation; here it has those of "
            "Caffe's GoogLeNet: a neighbourhood of 5, alpha 0.0001, beta 0.75 and k 1.",
        ),
        weights=public_weights("googlenet"),
        public_version="googlenet_bn",
    ),
    ModelSpec(
        key="googlenet_bn",
        family="inception",
        display_name="GoogLeNet with batch norm",
        build=partial(GoogLeNet, True),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=PAPER,
        idea="GoogLeNet as torchvision trained it: batch normalisation after every convolution "
        "takes the place of biases and local response normalisation.",
        stages=STAGES,
        initialisation=he_in_words("inputs"),
        exact_params=6_624_904,
        exact_macs=1_498_376_192,
        counts_source="torchvision's network, which has the same layers",
        published=published("googlenet_bn"),
        departures=(
            "The paper's 5×5 convolutions are 3×3 here, which makes 6,624,904 parameters and "
            "1.498 G multiply-adds; the paper's network has 6,998,552 and 1.583 G.",
            "The last max pooling is 2×2, not 3×3, and dropout is 20%, not 40%.",
            "Auxiliary heads pool to 4×4 adaptively, not with 5×5 windows of stride 3; with them "
            "(aux_heads=True) the network has 13,004,888 parameters.",
        ),
        weights=public_weights("googlenet_bn"),
    ),
)
