"""EfficientNet (Tan, Le, ICML 2019).

The idea: to make a network larger, grow its depth, its width and the image together. From B0,
which a search found, compound scaling with φ multiplies depth by 1.2^φ, width by 1.1^φ and the
side of the image by 1.15^φ, so that each step of φ about doubles the work. COEFFICIENTS holds the
values of the authors' release.

B0 (Table 1) is made of MBConv: MobileNet v2's inverted residual with a squeeze-and-excitation
gate on its wide map, and SiLU, x · sigmoid(x), in place of ReLU. The gate is squeezed to a quarter
of the block's input, not of the wide map. While training, later blocks are skipped more often.
"""

from __future__ import annotations

from functools import partial
from math import ceil

from torch import Tensor, nn

from cnn_models.blocks.channels import multiple_of_8
from cnn_models.blocks.conv_norm import conv_norm
from cnn_models.blocks.drop_branch import DropBranch
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_below_one, require_over_zero, require_survival
from cnn_models.blocks.squeeze_excite import SqueezeExcite
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Expansion, kernel, stride, channels and layers of stages 2 to 8; sides are those of B0.
TABLE_1 = (
    (1, 3, 1, 16, 1),  # 112 × 112
    (6, 3, 2, 24, 2),  # 56 × 56
    (6, 5, 2, 40, 2),  # 28 × 28
    (6, 3, 2, 80, 3),  # 14 × 14
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),  # 7 × 7
    (6, 3, 1, 320, 1),
)

# Side of the image, width, depth and dropout.
COEFFICIENTS = {
    "b0": (224, 1.0, 1.0, 0.2),
    "b1": (240, 1.0, 1.1, 0.2),
    "b2": (260, 1.1, 1.2, 0.3),
    "b3": (300, 1.2, 1.4, 0.3),
    "b4": (380, 1.4, 1.8, 0.4),
}


class MBConv(nn.Module):
    """(N, inputs, H, W) to (N, outputs, ⌈H/stride⌉, ⌈W/stride⌉).

    `survival` is the probability that an image keeps the branch where there is a shortcut.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int, survival: float
    ) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = conv_norm(inputs, wide, activation=nn.SiLU) if expansion > 1 else None
        self.depthwise = conv_norm(wide, wide, kernel, stride, groups=wide, activation=nn.SiLU)
        self.se = SqueezeExcite(wide, inputs // 4, activation=nn.SiLU)
        self.project = conv_norm(wide, outputs)
        adds_input = stride == 1 and inputs == outputs
        self.drop = DropBranch(survival) if adds_input else None

    def forward(self, x: Tensor) -> Tensor:
        wide = x if self.expand is None else self.expand(x)  # (N, expansion · inputs, H, W)
        y = self.project(self.se(self.depthwise(wide)))
        return y if self.drop is None else x + self.drop(y)


class EfficientNet(nn.Sequential):
    """EfficientNet for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        num_classes: width of the output.
        width: multiplier for every number of channels, over 0. Channels are rounded to
            multiples of 8.
        depth: multiplier for the layers of every stage, over 0; rounded up.
        dropout: probability for a value before the linear layer to be left out while training.
        survival: over 0 and up to 1; while training, an image keeps the branch of layer i of n,
            counted from 0, with probability 1 - (1 - survival) · i / n.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        width: float = 1.0,
        depth: float = 1.0,
        dropout: float = 0.2,
        survival: float = 0.8,
    ) -> None:
        _check(width, depth, dropout, survival)
        super().__init__()
        layers = [ceil(row[-1] * depth) for row in TABLE_1]
        channels = multiple_of_8(32 * width)
        self.stem = conv_norm(3, channels, 3, 2, activation=nn.SiLU)  # 112 × 112 in B0
        done = 0
        for row, (expansion, kernel, stride, full, _) in enumerate(TABLE_1):
            stage, outputs = nn.Sequential(), multiple_of_8(full * width)
            for layer in range(layers[row]):
                step = stride if layer == 0 else 1
                kept = 1 - (1 - survival) * done / sum(layers)
                stage.append(MBConv(channels, outputs, kernel, step, expansion, kept))
                channels, done = outputs, done + 1
            self.add_module(f"stage{row + 2}", stage)
        last = multiple_of_8(1280 * width)
        self.head = conv_norm(channels, last, activation=nn.SiLU)  # stage 9, 7 × 7 in B0
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(last, num_classes)
        he_normal(self)


def _check(width: float, depth: float, dropout: float, survival: float) -> None:
    require_over_zero(width=width, depth=depth)
    require_below_one(dropout=dropout)
    require_survival(survival)


_PAPER = Paper(
    title="EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
    authors="Mingxing Tan, Quoc V. Le",
    year=2019,
    venue="ICML 2019",
    arxiv="1905.11946",
)

_SCALED = "B0 with its depth, its width and the side of its image grown together"
_IDEAS = {
    "b0": "The small network that a search found, made to be grown in depth, width and image side "
    "together.",
    "b1": f"{_SCALED}, to 1.8 times the work.",
    "b2": f"{_SCALED}, to 2.6 times the work.",
    "b3": f"{_SCALED}, to 4.7 times the work.",
    "b4": f"{_SCALED}, to 11 times the work.",
}
_NORM = (
    "Batch normalisation adds 1e-5 to the variance, as the public weights need, where the authors' "
    "release adds 1e-3."
)
_COUNTS = "torchvision's network of the same name, which has the same layers"


def _spec(size: str, params: int, macs: int, *departures: str, counts: str = _COUNTS) -> ModelSpec:
    side, width, depth, dropout = COEFFICIENTS[size]
    key = f"efficientnet_{size}"
    return ModelSpec(
        key=key,
        family="after_2017",
        display_name=f"EfficientNet-{size.upper()}",
        build=partial(EfficientNet, width=width, depth=depth, dropout=dropout),
        input_shape=(3, side, side),
        num_classes=1000,
        paper=_PAPER,
        idea=_IDEAS[size],
        stages=("stem", *(f"stage{number}" for number in range(2, 9)), "head", "classifier"),
        initialisation=he_in_words("outputs", grouped=True),
        exact_params=params,
        exact_macs=macs,
        counts_source=counts,
        published=published(key),
        departures=(*departures, _NORM),
        weights=public_weights(key),
    )


SPECS = (
    _spec(
        "b0",
        5_288_548,
        385_814_752,
        "Table 2 prints 0.39B FLOPS, which are multiply-adds; the layers have 0.386B.",
    ),
    _spec(
        "b1",
        7_794_184,
        686_802_832,
        "Table 2 prints 0.70B FLOPS, which are multiply-adds; the layers have 0.687B.",
    ),
    _spec(
        "b2",
        9_109_994,
        993_561_872,
        "Table 2 prints 9.2M parameters and 1.0B FLOPS, which are multiply-adds; the layers have "
        "9.110M and 0.994B at the paper's 260 pixels, and 1.088B at the 288 pixels at which the "
        "public weights are measured.",
        counts=f"{_COUNTS}, at 288 pixels and from there at 260",
    ),
    _spec(
        "b3",
        12_233_232,
        1_827_141_392,
        "Table 2 prints 12M parameters and 1.8B FLOPS, which are multiply-adds; the layers have "
        "12.233M and 1.827B.",
    ),
    _spec(
        "b4",
        19_341_616,
        4_393_771_024,
        "Table 2 prints 19M parameters and 4.2B FLOPS, which are multiply-adds; the layers have "
        "19.342M and 4.394B at 380 pixels, 5% more than printed.",
    ),
)
