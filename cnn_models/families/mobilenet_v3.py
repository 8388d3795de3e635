"""MobileNet v3 (Howard, Sandler, Chu and nine more, ICCV 2019).

The idea: let a search on a real phone choose each block of MobileNet v2, its kernel, its width and
whether a squeeze-and-excitation gate weighs its wide map, then mend by hand what is slow. Two
functions are made of straight lines, so that they are cheap: hard sigmoid, relu6(x + 3) / 6, and
hard swish, x times that. The widening 1×1 at the end was moved behind the pooling.

LARGE and SMALL are Tables 1 and 2 of the paper, row by row. The table's last two 1×1 convolutions
work on one pixel, so they are linear layers here.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from torch import Tensor, nn

from cnn_models.blocks.channels import multiple_of_8
from cnn_models.blocks.conv_norm import conv_norm
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_below_one, require_over_zero
from cnn_models.blocks.squeeze_excite import SqueezeExcite
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

RE, HS = nn.ReLU, nn.Hardswish
_NORM = partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)  # torchvision's, for its weights

Table = tuple[tuple[tuple[int, int, int, bool, type[nn.Module], int], ...], ...]

# Kernel, exp size, #out, SE, NL and s of each block, a line per resolution.
LARGE: Table = (
    ((3, 16, 16, False, RE, 1),),  # 112 × 112
    ((3, 64, 24, False, RE, 2), (3, 72, 24, False, RE, 1)),  # 56 × 56
    ((5, 72, 40, True, RE, 2), (5, 120, 40, True, RE, 1), (5, 120, 40, True, RE, 1)),  # 28 × 28
    (
        (3, 240, 80, False, HS, 2),  # 14 × 14
        (3, 200, 80, False, HS, 1),
        (3, 184, 80, False, HS, 1),
        (3, 184, 80, False, HS, 1),
        (3, 480, 112, True, HS, 1),
        (3, 672, 112, True, HS, 1),
    ),
    ((5, 672, 160, True, HS, 2), (5, 960, 160, True, HS, 1), (5, 960, 160, True, HS, 1)),  # 7 × 7
)
SMALL: Table = (
    ((3, 16, 16, True, RE, 2),),  # 56 × 56
    ((3, 72, 24, False, RE, 2), (3, 88, 24, False, RE, 1)),  # 28 × 28
    (
        (5, 96, 40, True, HS, 2),  # 14 × 14
        (5, 240, 40, True, HS, 1),
        (5, 240, 40, True, HS, 1),
        (5, 120, 48, True, HS, 1),
        (5, 144, 48, True, HS, 1),
    ),
    ((5, 288, 96, True, HS, 2), (5, 576, 96, True, HS, 1), (5, 576, 96, True, HS, 1)),  # 7 × 7
)


class Bneck(nn.Module):
    """Figure 4: (N, inputs, H, W) to (N, outputs, ⌈H/stride⌉, ⌈W/stride⌉), `wide` in between."""

    def __init__(
        self,
        inputs: int,
        kernel: int,
        wide: int,
        outputs: int,
        gated: bool,
        nonlinearity: type[nn.Module],
        stride: int,
    ) -> None:
        super().__init__()
        conv = partial(conv_norm, norm=_NORM)
        self.expand = conv(inputs, wide, activation=nonlinearity) if wide != inputs else None
        self.depthwise = conv(wide, wide, kernel, stride, groups=wide, activation=nonlinearity)
        squeezed = multiple_of_8(wide // 4)
        self.se = SqueezeExcite(wide, squeezed, gate=nn.Hardsigmoid) if gated else None
        self.project = conv(wide, outputs)
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else self.expand(x)  # (N, wide, H, W)
        y = self.depthwise(y)
        y = y if self.se is None else self.se(y)
        y = self.project(y)
        return x + y if self.adds_input else y


class MobileNetV3(nn.Sequential):
    """MobileNet v3 for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        table: LARGE or SMALL.
        hidden: values before the last layer: 1280 in Table 1, 1024 in Table 2.
        num_classes: width of the output.
        width: multiplier for every number of channels, over 0; 0.35 to 1.25 in the paper.
            Channels are rounded to multiples of 8, an expansion stays as many times its input,
            and the hidden values never get fewer: so Large at width 0.75 has the 4.0M parameters
            and 155M multiply-adds that the authors print.
        dropout: probability for one of the hidden values to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        table: Table,
        hidden: int,
        /,
        num_classes: int = 1000,
        width: float = 1.0,
        dropout: float = 0.2,
    ) -> None:
        require_over_zero(width=width)
        require_below_one(dropout=dropout)
        super().__init__()
        full, channels = 16, multiple_of_8(16 * width)
        self.stem = conv_norm(3, channels, 3, 2, norm=_NORM, activation=HS)  # 112 × 112
        for number, rows in enumerate(table, start=1):
            stage = nn.Sequential()
            for kernel, exp_size, out, gated, nonlinearity, stride in rows:
                wide = multiple_of_8(channels * exp_size / full)  # as many times the input
                outputs = multiple_of_8(out * width)
                stage.append(Bneck(channels, kernel, wide, outputs, gated, nonlinearity, stride))
                full, channels = out, outputs
            self.add_module(f"stage{number}", stage)
        last = 6 * channels  # 960 or 576 at width 1
        self.head = conv_norm(channels, last, norm=_NORM, activation=HS)  # 7 × 7
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        wider = multiple_of_8(hidden * max(1.0, width))
        self.hidden = nn.Sequential(OrderedDict(linear=nn.Linear(last, wider), act=HS()))
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(wider, num_classes)
        he_normal(self)


_PAPER = Paper(
    title="Searching for MobileNetV3",
    authors=(
        "Andrew Howard, Mark Sandler, Grace Chu, Liang-Chieh Chen, Bo Chen, Mingxing Tan, Weijun "
        "Wang, Yukun Zhu, Ruoming Pang, Vijay Vasudevan, Quoc V. Le, Hartwig Adam"
    ),
    year=2019,
    venue="ICCV 2019",
    arxiv="1905.02244",
)


def _spec(
    size: str,
    table: Table,
    hidden: int,
    params: int,
    macs: int,
    *departures: str,
) -> ModelSpec:
    key = f"mobilenet_v3_{size}"
    return ModelSpec(
        key=key,
        family="mobilenet",
        display_name=f"MobileNet v3 {size.title()}",
        build=partial(MobileNetV3, table, hidden),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea="A search on a phone chooses kernel, width and gate of every inverted residual block, "
        "and hard swish and hard sigmoid keep the functions cheap.",
        stages=(
            "stem",
            *(f"stage{number}" for number in range(1, len(table) + 1)),
            "head",
            "hidden",
            "classifier",
        ),
        initialisation=he_in_words("outputs", grouped=True),
        exact_params=params,
        exact_macs=macs,
        counts_source="torchvision's network of the same name, which has the same layers",
        published=published(key),
        departures=departures,
        weights=public_weights(key),
    )


_GATES = (
    "Section 5.3 fixes the gates at a quarter of the expansion; as in the authors' release that "
    "quarter is rounded to a multiple of 8, such as 24 for 72 and 32 for 120."
)

SPECS = (
    _spec(
        "large",
        LARGE,
        1280,
        5_483_032,
        216_589_760,
        "Table 3 prints 5.4M parameters and 219M multiply-adds; the layers of Table 1 have 5.483M "
        "and 216.6M, and the authors' release prints 5.4M and 217M.",
        _GATES,
    ),
    _spec(
        "small",
        SMALL,
        1024,
        2_542_856,
        56_510_400,
        "An early text of the paper prints 2.9M parameters and 66M multiply-adds, as the authors' "
        "release does; Table 2, with 1024 hidden values, has 2.543M and 56.5M, and with 1280 it "
        "would have 2.947M and 56.9M, so the 66M fit neither.",
        "Table 2 ticks SE for the 1×1 convolution to 576 channels; the authors' release and the "
        "public weights have no gate there, which would add 166,608 parameters.",
        _GATES,
    ),
)
