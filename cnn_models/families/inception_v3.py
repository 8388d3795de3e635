"""Inception-v3: Szegedy et al., "Rethinking the Inception Architecture" (CVPR 2016).

The idea: wide windows are expensive, so factorise them. A 7×7 convolution becomes a 1×7 and a 7×1
in a row, a seventh of the work each; where maps are small (8 × 8) the two stand side by side.
Maps shrink by convolutions with stride 2 beside a pooling, so that no layer is a bottleneck.

Departures: this is the network that Google released and torchvision publishes, whose stem and
first three blocks differ from Table 1 and Figure 5 of the paper; the spec says how.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from torch import Tensor, nn

from cnn_models.blocks.branches import SideBySide, chain, conv_unit
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


def pool_projection(inputs: int, outputs: int) -> nn.Sequential:
    """The branch that looks at neighbourhoods without weights of its own, then projects."""
    return nn.Sequential(nn.AvgPool2d(3, stride=1, padding=1), conv_unit(inputs, outputs, 1))


def inception_35(inputs: int, projection: int) -> SideBySide:
    """Figure 5 with 5×5 windows: (N, inputs, 35, 35) to (N, 224 + projection, 35, 35)."""
    return SideBySide(
        conv_unit(inputs, 64, 1),
        chain(inputs, (48, 1), (64, 5)),
        chain(inputs, (64, 1), (96, 3), (96, 3)),
        pool_projection(inputs, projection),
    )


def reduction_35(inputs: int) -> SideBySide:
    """Figure 10: (N, inputs, 35, 35) to (N, 480 + inputs, 17, 17)."""
    return SideBySide(
        conv_unit(inputs, 384, 3, "2V"),
        chain(inputs, (64, 1), (96, 3), (96, 3, "2V")),
        nn.MaxPool2d(3, stride=2),
    )


def inception_17(narrow: int) -> SideBySide:
    """Figure 6 with n = 7: (N, 768, 17, 17) to the same; `narrow` channels inside."""
    to_row, to_column = (narrow, (1, 7)), (narrow, (7, 1))
    return SideBySide(
        conv_unit(768, 192, 1),
        chain(768, (narrow, 1), to_row, (192, (7, 1))),
        chain(768, (narrow, 1), to_column, to_row, to_column, (192, (1, 7))),
        pool_projection(768, 192),
    )


def reduction_17() -> SideBySide:
    """(N, 768, 17, 17) to (N, 1280, 8, 8)."""
    return SideBySide(
        chain(768, (192, 1), (320, 3, "2V")),
        chain(768, (192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3, "2V")),
        nn.MaxPool2d(3, stride=2),
    )


def row_beside_column() -> SideBySide:
    """A 1×3 and a 3×1 window on the same maps: (N, 384, 8, 8) to (N, 768, 8, 8)."""
    return SideBySide(conv_unit(384, 384, (1, 3)), conv_unit(384, 384, (3, 1)))


def inception_8(inputs: int) -> SideBySide:
    """Figure 7: (N, inputs, 8, 8) to (N, 2048, 8, 8)."""
    return SideBySide(
        conv_unit(inputs, 320, 1),
        nn.Sequential(conv_unit(inputs, 384, 1), row_beside_column()),
        nn.Sequential(conv_unit(inputs, 448, 1), conv_unit(448, 384, 3), row_beside_column()),
        pool_projection(inputs, 192),
    )


def auxiliary_head(num_classes: int) -> nn.Sequential:
    """Figure 8, a second classifier with batch norm: (N, 768, 17, 17) to (N, num_classes)."""
    layers: dict[str, nn.Module] = {
        "pool": nn.AvgPool2d(5, stride=3),  # 5 × 5
        "conv1": conv_unit(768, 128, 1),
        "conv2": conv_unit(128, 768, 5, "V"),  # 1 × 1
        "avgpool": nn.AdaptiveAvgPool2d(1),
        "flatten": nn.Flatten(),
        "fc": nn.Linear(768, num_classes),
    }
    return nn.Sequential(OrderedDict(layers))


class Logits(NamedTuple):
    """What Inception-v3 answers in training mode with its auxiliary head; each (N, num_classes).

    The paper names no weight for the loss of `aux`; in GoogLeNet's it is 0.3.
    """

    logits: Tensor
    aux: Tensor


class InceptionV3(nn.Module):
    """(N, 3, 299, 299) to (N, num_classes), or to `Logits` in training with the auxiliary head.

    Args:
        num_classes: width of the output.
        aux_heads: whether a second classifier learns from the last 17 × 17 maps. It answers in
            training mode only, and then images have at least 299 pixels a side.
        dropout: probability for a value before the classifier to be left out while training.

    Raises:
        ValueError: if dropout is out of its range.
    """

    def __init__(
        self, num_classes: int = 1000, aux_heads: bool = False, dropout: float = 0.5
    ) -> None:
        require_below_one(dropout=dropout)
        super().__init__()
        self.stem = nn.Sequential(
            conv_unit(3, 32, 3, "2V"),  # 149 × 149
            conv_unit(32, 32, 3, "V"),  # 147 × 147
            conv_unit(32, 64, 3),
            nn.MaxPool2d(3, stride=2),  # 73 × 73
            conv_unit(64, 80, 1),
            conv_unit(80, 192, 3, "V"),  # 71 × 71
            nn.MaxPool2d(3, stride=2),  # 35 × 35
        )
        self.mixed_5b = inception_35(192, projection=32)
        self.mixed_5c = inception_35(256, projection=64)
        self.mixed_5d = inception_35(288, projection=64)
        self.mixed_6a = reduction_35(288)  # 17 × 17
        self.mixed_6b = inception_17(narrow=128)
        self.mixed_6c = inception_17(narrow=160)
        self.mixed_6d = inception_17(narrow=160)
        self.mixed_6e = inception_17(narrow=192)
        self.aux = auxiliary_head(num_classes) if aux_heads else None
        self.mixed_7a = reduction_17()  # 8 × 8
        self.mixed_7b = inception_8(1280)
        self.mixed_7c = inception_8(2048)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(2048, num_classes)
        he_normal(self, mode="fan_in")
        limit_input_size(self, smallest=75)
        if aux_heads:
            limit_input_size(self, smallest=299, training_only=True)

    def forward(self, x: Tensor) -> Tensor | Logits:
        x = self.mixed_5d(self.mixed_5c(self.mixed_5b(self.stem(x))))
        x = self.mixed_6c(self.mixed_6b(self.mixed_6a(x)))
        grid_17 = self.mixed_6e(self.mixed_6d(x))
        x = self.mixed_7c(self.mixed_7b(self.mixed_7a(grid_17)))
        logits = self.fc(self.dropout(self.avgpool(x).flatten(1)))
        if self.training and self.aux is not None:
            return Logits(logits, self.aux(grid_17))
        return logits


MIXED = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")

SPECS = (
    ModelSpec(
        key="inception_v3",
        family="inception",
        display_name="Inception-v3",
        build=InceptionV3,
        input_shape=(3, 299, 299),
        num_classes=1000,
        paper=Paper(
            "Rethinking the Inception Architecture for Computer Vision",
            "Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens, Zbigniew Wojna",
            2015,
            "CVPR 2016",
            "1512.00567",
        ),
        idea="Wide windows are factorised into narrow ones, such as a 7×7 into a 1×7 and a 7×1, "
        "which see as much with a fraction of the weights.",
        stages=("stem", *(f"mixed_{name}" for name in MIXED), "fc"),
        initialisation=he_in_words("inputs"),
        exact_params=23_834_568,
        exact_macs=5_713_216_096,
        counts_source="torchvision's network, which has the same layers",
        published=published("inception_v3"),
        departures=(
            "Table 3 prints 4.8 billion operations, the abstract 5 billion; the released network "
            "has 5.713 G multiply-adds.",
            "Table 1 leads to the first block by 3×3 convolutions of 80, 192 (stride 2) and 288 "
            "channels; the released network has a 1×1 of 80, a 3×3 of 192 and a max pooling, and "
            "reaches 288 channels only after two blocks.",
            "Figure 5 has 3×3 windows where the first three blocks of the released network have "
            "5×5 windows from 48 to 64 channels: 147,456 weights more.",
            "Table 1 counts five blocks at 17 × 17; here they are four and the reduction to 8 × 8, "
            "which has a branch of 1×7 and 7×1 windows that Figure 10 does not show.",
            "The auxiliary head is an option (aux_heads=True, 27,161,264 parameters with it, which "
            "the public file holds) and answers in training mode only.",
            "The Xception paper prints 23,626,728 parameters for Inception V3, 207,840 fewer than "
            "built here, and does not say how it counts.",
        ),
        weights=public_weights("inception_v3"),
    ),
)
