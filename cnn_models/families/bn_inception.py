"""BN-Inception: Ioffe, Szegedy, "Batch Normalization" (ICML 2015), Figure 5.

The idea: normalise what each convolution gives over the images of a batch, then let it learn a
scale and a shift of its own. Layers no longer chase the moving statistics of the layers before,
so larger learning rates work and dropout is not needed.

The network is GoogLeNet with batch norm, two 3×3 convolutions for each 5×5, a third block at
28 × 28 and blocks with stride 2 (3c, 4e) for the poolings between the others. Figure 5 disagrees
with itself and with the paper's text; the departures in the spec say where.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.families import googlenet
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper

conv_unit = partial(googlenet.conv_unit, batch_norm=True)


class Widths(NamedTuple):
    """One row of Figure 5: the channels of the convolutions, and the kind of pooling.

    A block without 1×1 convolutions has stride 2 and passes its pooled input through.
    """

    one: int
    three_reduce: int
    three: int
    double_reduce: int
    double: int
    pool: str
    pool_proj: int


FIGURE_5 = {
    #           #1×1  #3×3   #3×3  double #3×3  double  pool   proj
    #                reduce           reduce   #3×3
    "3a": Widths(64, 64, 64, 64, 96, "avg", 32),  # 28 × 28 × 256
    "3b": Widths(64, 64, 96, 64, 96, "avg", 64),  # 28 × 28 × 320
    "3c": Widths(0, 128, 160, 64, 96, "max", 0),  # 14 × 14 × 576
    "4a": Widths(224, 64, 96, 96, 128, "avg", 128),  # 14 × 14 × 576
    "4b": Widths(192, 96, 128, 96, 128, "avg", 128),  # 14 × 14 × 576
    "4c": Widths(160, 128, 160, 128, 160, "avg", 128),  # 14 × 14 × 608, prints 576
    "4d": Widths(96, 128, 192, 160, 192, "avg", 128),  # 14 × 14 × 608, prints 576
    "4e": Widths(0, 128, 192, 192, 256, "max", 0),  # 7 × 7 × 1056, prints 1024
    "5a": Widths(352, 192, 320, 160, 224, "avg", 128),  # 7 × 7 × 1024
    "5b": Widths(352, 192, 320, 192, 224, "max", 128),  # 7 × 7 × 1024
}


class Inception(nn.Module):
    """Four branches side by side: (N, in, H, W) to (N, sum, H, W).

    With stride 2 there are three, the last of which is pooling alone, and the answer is
    (N, sum, ⌈H/2⌉, ⌈W/2⌉).
    """

    def __init__(self, in_channels: int, widths: Widths) -> None:
        super().__init__()
        stride = 1 if widths.one else 2
        pooling = nn.AvgPool2d if widths.pool == "avg" else nn.MaxPool2d
        self.branch1 = conv_unit(in_channels, widths.one, 1) if widths.one else None
        self.branch2 = nn.Sequential(
            conv_unit(in_channels, widths.three_reduce, 1),
            conv_unit(widths.three_reduce, widths.three, 3, stride),
        )
        self.branch3 = nn.Sequential(
            conv_unit(in_channels, widths.double_reduce, 1),
            conv_unit(widths.double_reduce, widths.double, 3),
            conv_unit(widths.double, widths.double, 3, stride),
        )
        self.branch4 = nn.Sequential(pooling(3, stride, padding=1))
        if widths.pool_proj:
            self.branch4.append(conv_unit(in_channels, widths.pool_proj, 1))

    def forward(self, x: Tensor) -> Tensor:
        branches = [self.branch2(x), self.branch3(x), self.branch4(x)]
        return torch.cat(branches if self.branch1 is None else [self.branch1(x), *branches], 1)


class BNInception(nn.Sequential):
    """Figure 5: (N, 3, 224, 224) to (N, num_classes)."""

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.stem = googlenet.stem(batch_norm=True)  # (N, 192, 28, 28)
        channels = 192
        for name, widths in FIGURE_5.items():
            self.add_module(f"inception{name}", Inception(channels, widths))
            passed = 0 if widths.one else channels
            channels = widths.one + widths.three + widths.double + widths.pool_proj + passed
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(channels, num_classes)
        he_normal(self, mode="fan_in")
        limit_input_size(self, smallest=7)


SPECS = (
    ModelSpec(
        key="bn_inception",
        family="inception",
        display_name="BN-Inception",
        build=BNInception,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=Paper(
            "Batch Normalization: Accelerating Deep Network Training by Reducing Internal "
            "Covariate Shift",
            "Sergey Ioffe, Christian Szegedy",
            2015,
            "ICML 2015",
            "1502.03167",
        ),
        idea="Every convolution's output is normalised over the batch, then scaled and shifted as "
        "it learns, so that training is stable at larger learning rates.",
        stages=("stem.conv1", "stem.conv3", *(f"inception{name}" for name in FIGURE_5), "fc"),
        initialisation=he_in_words("inputs"),
        exact_params=11_285_224,
        exact_macs=2_032_600_064,
        counts_source="layer-by-layer arithmetic from the widths of Figure 5",
        published=published("bn_inception"),
        departures=(
            "Figure 5 prints 576 channels behind blocks 4c and 4d; its own widths add up to 608, "
            "as built here (160 + 160 + 160 + 128 and 96 + 192 + 192 + 128). Projections of 96 "
            "instead of 128 channels would make 576, and 11,194,984 parameters.",
            "Figure 5 prints 28×28×576 behind 3c and 14×14×1024 behind 4e; with their stride of 2 "
            "and 608 channels passing through 4e, these are 14×14×576 and 7×7×1056.",
            "Section 4.2 prints 13.6 × 10⁶ parameters; Figure 5 has 11,285,224 with batch norm and "
            "without biases.",
            "The appendix says 25% more parameters and about 30% more work than GoogLeNet; here "
            "the counts are 61% and 28% more.",
            "The appendix makes the first convolution separable with depth multiplier 8, which "
            "would have 2,712 weights and 34.0 M multiply-adds; here it is a plain 7×7 of 9,408 "
            "weights and 118.0 M.",
            "The paper names no constant for batch norm, which is 0.001 here, and no padding for "
            "the poolings in 3c and 4e, which have 1 as the convolutions beside them.",
        ),
    ),
)
