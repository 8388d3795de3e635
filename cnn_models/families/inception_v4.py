"""Inception-v4: Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet" (AAAI 2017).

The idea: one plan for the whole network. Each size of map has one kind of block, repeated: 4 times
A at 35 × 35, 7 times B at 17 × 17, 3 times C at 8 × 8, with a reduction between (Figure 9). The
stem, too, lets convolutions and poolings work side by side, at three places (Figure 3).

Built as in the figures, whose "V" (no padding) is written here too. The order of the branches is
that of the public weights.
"""

from __future__ import annotations

from torch import Tensor, nn

from cnn_models.blocks.branches import SideBySide, chain, conv_unit
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


def stem() -> nn.Sequential:
    """Figure 3: (N, 3, 299, 299) to (N, 384, 35, 35)."""
    return nn.Sequential(
        conv_unit(3, 32, 3, "2V"),  # 149 × 149
        conv_unit(32, 32, 3, "V"),  # 147 × 147
        conv_unit(32, 64, 3),
        SideBySide(nn.MaxPool2d(3, stride=2), conv_unit(64, 96, 3, "2V")),  # 73 × 73 × 160
        SideBySide(
            chain(160, (64, 1), (96, 3, "V")),
            chain(160, (64, 1), (64, (1, 7)), (64, (7, 1)), (96, 3, "V")),
        ),  # 71 × 71 × 192
        SideBySide(conv_unit(192, 192, 3, "2V"), nn.MaxPool2d(3, stride=2)),  # 35 × 35 × 384
    )


def pool_projection(inputs: int, outputs: int) -> nn.Sequential:
    """The branch that averages neighbourhoods, without counting the padding, then projects."""
    pool = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
    return nn.Sequential(pool, conv_unit(inputs, outputs, 1))


def inception_a() -> SideBySide:
    """Figure 4: (N, 384, 35, 35) to the same."""
    return SideBySide(
        conv_unit(384, 96, 1),
        chain(384, (64, 1), (96, 3)),
        chain(384, (64, 1), (96, 3), (96, 3)),
        pool_projection(384, 96),
    )


def reduction_a() -> SideBySide:
    """Figure 7 with the channels of Table 1: (N, 384, 35, 35) to (N, 1024, 17, 17)."""
    return SideBySide(
        conv_unit(384, 384, 3, "2V"),
        chain(384, (192, 1), (224, 3), (256, 3, "2V")),
        nn.MaxPool2d(3, stride=2),
    )


def inception_b() -> SideBySide:
    """Figure 5: (N, 1024, 17, 17) to the same."""
    return SideBySide(
        conv_unit(1024, 384, 1),
        chain(1024, (192, 1), (224, (1, 7)), (256, (7, 1))),
        chain(1024, (192, 1), (192, (7, 1)), (224, (1, 7)), (224, (7, 1)), (256, (1, 7))),
        pool_projection(1024, 128),
    )


def reduction_b() -> SideBySide:
    """Figure 8: (N, 1024, 17, 17) to (N, 1536, 8, 8)."""
    return SideBySide(
        chain(1024, (192, 1), (192, 3, "2V")),
        chain(1024, (256, 1), (256, (1, 7)), (320, (7, 1)), (320, 3, "2V")),
        nn.MaxPool2d(3, stride=2),
    )


def row_beside_column(inputs: int) -> SideBySide:
    """A 1×3 and a 3×1 window on the same maps: (N, inputs, 8, 8) to (N, 512, 8, 8)."""
    return SideBySide(conv_unit(inputs, 256, (1, 3)), conv_unit(inputs, 256, (3, 1)))


def inception_c() -> SideBySide:
    """Figure 6: (N, 1536, 8, 8) to the same."""
    to_512 = chain(1536, (384, 1), (448, (3, 1)), (512, (1, 3)))
    return SideBySide(
        conv_unit(1536, 256, 1),
        nn.Sequential(conv_unit(1536, 384, 1), row_beside_column(384)),
        to_512.append(row_beside_column(512)),
        pool_projection(1536, 256),
    )


class InceptionV4(nn.Module):
    """Figure 9: (N, 3, 299, 299) to (N, num_classes).

    Args:
        num_classes: width of the output.
        dropout: probability for a value before the classifier to be left out while training.

    Raises:
        ValueError: if dropout is out of its range.
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.2) -> None:
        require_below_one(dropout=dropout)
        super().__init__()
        self.stem = stem()
        self.inception_a = nn.Sequential(*(inception_a() for _ in range(4)))
        self.reduction_a = reduction_a()  # 17 × 17
        self.inception_b = nn.Sequential(*(inception_b() for _ in range(7)))
        self.reduction_b = reduction_b()  # 8 × 8
        self.inception_c = nn.Sequential(*(inception_c() for _ in range(3)))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(1536, num_classes)
        he_normal(self, mode="fan_in")
        limit_input_size(self, smallest=75)

    def forward(self, x: Tensor) -> Tensor:
        x = self.inception_a(self.stem(x))
        x = self.inception_b(self.reduction_a(x))
        x = self.inception_c(self.reduction_b(x))
        return self.fc(self.dropout(self.avgpool(x).flatten(1)))


PAPER = Paper(
    "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning",
    "Christian Szegedy, Sergey Ioffe, Vincent Vanhoucke, Alexander Alemi",
    2016,
    "AAAI 2017",
    "1602.07261",
)

SPECS = (
    ModelSpec(
        key="inception_v4",
        family="inception",
        display_name="Inception-v4",
        build=InceptionV4,
        input_shape=(3, 299, 299),
        num_classes=1000,
        paper=PAPER,
        idea="One kind of block for each size of map, repeated, and a stem whose convolutions and "
        "poolings stand side by side, without any residual connection.",
        stages=(
            "stem",
            "inception_a",
            "reduction_a",
            "inception_b",
            "reduction_b",
            "inception_c",
            "fc",
        ),
        initialisation=he_in_words("inputs"),
        exact_params=42_679_816,
        exact_macs=12_253_974_624,
        counts_source="timm's network, which has the same layers",
        published=published("inception_v4"),
        departures=(
            "Figures 3, 5 and 6 put the 1×n and n×1 windows of the longest branches of the stem, B "
            "and C in the other order; here they stand as the public weights need, with as many "
            "parameters and multiply-adds.",
        ),
        weights=public_weights("inception_v4"),
    ),
)
