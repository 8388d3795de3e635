"""MobileNet v2 (Sandler, Howard, Zhu, Zhmoginov, Chen, CVPR 2018).

The idea: a residual block turned inside out. A 1×1 convolution widens t times, a depthwise 3×3
filters the wide map, and a 1×1 without any ReLU (the linear bottleneck) makes it narrow again.
The shortcut joins the narrow ends, so little is kept in memory and no ReLU spoils what is passed
on. A ReLU6 is clipped at 6, which suits arithmetic with few bits.

Table 2 of the paper is the stem, the rows of TABLE_2, a 1×1 to 1280 channels, average pooling and
one linear layer. Not in Table 2: dropout before the linear layer, as in the authors' release.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn

from cnn_models.blocks.channels import multiple_of_8
from cnn_models.blocks.conv_norm import conv_norm
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_below_one, require_over_zero
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Expansion t, channels c, blocks n and the stride s of the first block: rows 2 to 8 of Table 2.
TABLE_2 = (
    (1, 16, 1, 1),  # 112 × 112
    (6, 24, 2, 2),  # 56 × 56
    (6, 32, 3, 2),  # 28 × 28
    (6, 64, 4, 2),  # 14 × 14
    (6, 96, 3, 1),
    (6, 160, 3, 2),  # 7 × 7
    (6, 320, 1, 1),
)


class InvertedResidual(nn.Module):
    """Table 1 and Figure 4(d): (N, inputs, H, W) to (N, outputs, ⌈H/stride⌉, ⌈W/stride⌉).

    MnasNet takes the same block with another kernel and activation.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        stride: int,
        expansion: int,
        kernel: int = 3,
        activation: Callable[[], nn.Module] = nn.ReLU6,
    ) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = conv_norm(inputs, wide, activation=activation) if expansion > 1 else None
        self.depthwise = conv_norm(wide, wide, kernel, stride, groups=wide, activation=activation)
        self.project = conv_norm(wide, outputs)
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        wide = x if self.expand is None else self.expand(x)  # (N, t · inputs, H, W)
        y = self.project(self.depthwise(wide))
        return x + y if self.adds_input else y


class MobileNetV2(nn.Sequential):
    """MobileNet v2 for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        num_classes: width of the output.
        width: the paper's multiplier for every number of channels, over 0; 0.35 to 1.4 in the
            paper. Channels are rounded to multiples of 8. The last convolution is never thinner
            than 1280 (Section 4).
        dropout: probability for a value before the linear layer to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0, dropout: float = 0.2) -> None:
        require_over_zero(width=width)
        require_below_one(dropout=dropout)
        super().__init__()
        channels = multiple_of_8(32 * width)
        self.stem = conv_norm(3, channels, 3, 2, activation=nn.ReLU6)  # 112 × 112
        for number, (expansion, full, blocks, stride) in enumerate(TABLE_2, start=1):
            stage, outputs = nn.Sequential(), multiple_of_8(full * width)
            for block in range(blocks):
                step = stride if block == 0 else 1
                stage.append(InvertedResidual(channels, outputs, step, expansion))
                channels = outputs
            self.add_module(f"stage{number}", stage)
        last = multiple_of_8(1280 * max(1.0, width))
        self.head = conv_norm(channels, last, activation=nn.ReLU6)  # 7 × 7
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(last, num_classes)
        he_normal(self)


_PAPER = Paper(
    title="MobileNetV2: Inverted Residuals and Linear Bottlenecks",
    authors="Mark Sandler, Andrew Howard, Menglong Zhu, Andrey Zhmoginov, Liang-Chieh Chen",
    year=2018,
    venue="CVPR 2018",
    arxiv="1801.04381",
)

_DROPOUT = (
    "Dropout of 0.2 before the linear layer is not in Table 2; it is what the public weights were "
    "trained with."
)


def _spec(width: float, params: int, macs: int, counts: str, *departures: str) -> ModelSpec:
    key = "mobilenet_v2" + ("" if width == 1 else f"_x{width:g}".replace(".", "_"))
    return ModelSpec(
        key=key,
        family="mobilenet",
        display_name="MobileNet v2" + ("" if width == 1 else f" ×{width:g}"),
        build=partial(MobileNetV2, width=width),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea="Widen, filter each channel by itself, and narrow again without a ReLU, with a "
        "shortcut between the narrow ends.",
        stages=("stem", *(f"stage{n}" for n in range(1, 8)), "head", "classifier"),
        initialisation=he_in_words("outputs", grouped=True),
        exact_params=params,
        exact_macs=macs,
        counts_source=counts,
        published=published(key),
        departures=(*departures, _DROPOUT),
        weights=public_weights(key),
    )


SPECS = (
    _spec(
        1.0,
        3_504_872,
        300_774_272,
        "torchvision's network, which has the same layers",
        "Table 4 prints 3.4M parameters; the layers of Table 2 have 3.505M, of which 34,112 are "
        "scales and shifts of batch norm.",
    ),
    _spec(
        1.4,
        6_108_776,
        582_195_824,
        "layer-by-layer arithmetic from Table 2, and the 582M multiply-adds and 6.06M weights "
        "outside batch norm that the authors' release prints",
        "Table 4 prints 6.9M parameters and 585M multiply-adds; the layers of Table 2 at 1.4 times "
        "the width, rounded to multiples of 8, have 6.109M and 582.2M, as in the authors' release.",
    ),
)
