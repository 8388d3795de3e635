"""RegNet (Radosavovic, Kosaraju, Girshick, He, Dollár, CVPR 2020).

The idea: do not look for one best network, but for a simple rule that gives many good ones. The
widths of the blocks grow along a straight line, u_j = w0 + wa · j for block j, and are rounded to
powers, w0 · wm^s with whole s, so that a few stages of equal blocks come out (Section 3.3):

    RegNetY-400MF: 16 blocks, w0 = 48, wa = 27.89, wm = 2.09, groups 8 channels wide
    gives stages of 1, 3, 6 and 6 blocks with 48, 104, 208 and 440 channels

A block X is ResNeXt's, 1×1, grouped 3×3, 1×1, without narrowing in between; a block Y has a
squeeze-and-excitation gate behind its 3×3 as well.
"""

from __future__ import annotations

from itertools import groupby
from math import inf, log

from torch import Tensor, nn

from cnn_models.blocks.channels import multiple_of
from cnn_models.blocks.conv_norm import conv_norm
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_at_least_one
from cnn_models.blocks.squeeze_excite import SqueezeExcite
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


def stages_of(
    depth: int, w0: int, wa: float, wm: float, group_width: int
) -> tuple[tuple[int, int], ...]:
    """(blocks, channels) of each stage: equations 2 to 4 of the paper.

    Channels are multiples of 8, and then of `group_width` where they are at least that many.
    """
    widths = []
    for j in range(depth):
        u = w0 + wa * j
        s = round(log(u / w0) / log(wm))
        widths.append(8 * round(w0 * wm**s / 8))
    return tuple(
        (len(list(run)), multiple_of(min(group_width, width), width))
        for width, run in groupby(widths)
    )


class YBlock(nn.Module):
    """(N, inputs, H, W) to (N, outputs, ⌈H/stride⌉, ⌈W/stride⌉); Figure 4, and a gate.

    The gate is squeezed to `se_ratio` of the block's input; with 0 there is none, a block X.
    """

    def __init__(
        self, inputs: int, outputs: int, stride: int, group_width: int, se_ratio: float
    ) -> None:
        super().__init__()
        groups = outputs // min(group_width, outputs)
        self.conv1 = conv_norm(inputs, outputs, activation=nn.ReLU)
        self.conv2 = conv_norm(outputs, outputs, 3, stride, groups=groups, activation=nn.ReLU)
        squeezed = max(1, round(se_ratio * inputs))
        self.se = SqueezeExcite(outputs, squeezed) if se_ratio else None
        self.conv3 = conv_norm(outputs, outputs)
        same = stride == 1 and inputs == outputs
        self.projection = None if same else conv_norm(inputs, outputs, 1, stride)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.projection is None else self.projection(x)
        y = self.conv2(self.conv1(x))
        y = self.conv3(y if self.se is None else self.se(y))
        return self.relu(identity + y)


class RegNet(nn.Sequential):
    """A network of the design space for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        num_classes: width of the output.
        depth: blocks in all, 1 to 64.
        w0: width on the line at block 0, a multiple of 8 over 0.
        wa: how much wider the line is from block to block, at least 0.
        wm: factor between the widths of neighbouring stages, over 1.
        group_width: channels of each group of a 3×3 convolution, at least 1.
        se_ratio: values between the gate's layers for each channel of a block's input, 0 to 1;
            0 leaves the gates out, which is RegNetX.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        depth: int = 16,
        w0: int = 48,
        wa: float = 27.89,
        wm: float = 2.09,
        group_width: int = 8,
        se_ratio: float = 0.25,
    ) -> None:
        _check(depth, w0, wa, wm, group_width, se_ratio)
        super().__init__()
        channels = 32
        self.stem = conv_norm(3, channels, 3, 2, activation=nn.ReLU)  # 112 × 112
        # Each stage halves the map: 56 × 56, 28 × 28, 14 × 14, 7 × 7.
        for number, (blocks, width) in enumerate(stages_of(depth, w0, wa, wm, group_width), 1):
            stage = nn.Sequential(YBlock(channels, width, 2, group_width, se_ratio))
            for _ in range(blocks - 1):
                stage.append(YBlock(width, width, 1, group_width, se_ratio))
            self.add_module(f"stage{number}", stage)
            channels = width
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(channels, num_classes)
        he_normal(self)


def _check(depth: int, w0: int, wa: float, wm: float, group_width: int, se_ratio: float) -> None:
    if not 1 <= depth <= 64:
        raise ValueError(f"depth is {depth}; there are 1 to 64 blocks.")
    if w0 < 8 or w0 % 8:
        raise ValueError(f"w0 is {w0}; the first width is a multiple of 8, at least 8.")
    if not 0 <= wa < inf:
        raise ValueError(f"wa is {wa}; the widths do not shrink, so it is at least 0 and finite.")
    if not 1 < wm < inf:
        raise ValueError(f"wm is {wm}; the factor between stages is over 1 and finite.")
    require_at_least_one(group_width=group_width)
    if not 0 <= se_ratio <= 1:
        raise ValueError(f"se_ratio is {se_ratio}; it is from 0, for no gates, to 1.")


SPECS = (
    ModelSpec(
        key="regnet_y_400mf",
        family="after_2017",
        display_name="RegNetY-400MF",
        build=RegNet,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=Paper(
            title="Designing Network Design Spaces",
            authors=(
                "Ilija Radosavovic, Raj Prateek Kosaraju, Ross Girshick, Kaiming He, Piotr Dollár"
            ),
            year=2020,
            venue="CVPR 2020",
            arxiv="2003.13678",
        ),
        idea="One rule of a few numbers, widths that grow along a straight line, gives a whole "
        "family of good networks.",
        stages=("stem", "stage1", "stage2", "stage3", "stage4", "fc"),
        initialisation=he_in_words("outputs", grouped=True),
        exact_params=4_344_144,
        exact_macs=401_842_848,
        counts_source="torchvision's network of the same name, which has the same layers",
        published=published("regnet_y_400mf"),
        departures=(
            "The paper counts in flops but means multiply-adds: its 0.4B are 0.402B here, which "
            "are 0.804B additions and multiplications.",
        ),
        weights=public_weights("regnet_y_400mf"),
    ),
)
