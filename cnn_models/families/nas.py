"""NAS: Zoph, Le, "Neural Architecture Search with Reinforcement Learning" (ICLR 2017).

The idea: a recurrent network writes down a network layer by layer (height and width of the
filters, their number, and which earlier layers to read), and learns by reinforcement from the
accuracy that its proposals reach.

This is a stand-in for the paper's 39 layers with max pooling ("v3"). The paper draws only its 15
layers without pooling (Figure 7). Of the 39 it says: 13 predictions, each used for a block of
three fully connected layers; filters of height and width 1, 3, 5 or 7; 6, 12, 24 or 36 of them;
inputs of a layer side by side; pooling at layers 13 and 24; 7.1M parameters, and 37.4M with 40
more filters in each layer. STAGES is ours: the one table with a row a stage that fits all of this.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper


class StageRow(NamedTuple):
    """Blocks of three layers in a stage, and the filters of each of their layers."""

    blocks: int
    filters: int
    height: int
    width: int


STAGES = (
    StageRow(blocks=4, filters=24, height=3, width=3),  # 32 × 32
    StageRow(blocks=4, filters=24, height=7, width=5),  # 16 × 16
    StageRow(blocks=5, filters=36, height=7, width=5),  # 8 × 8
)


def layer(inputs: int, row: StageRow, filters: int) -> nn.Sequential:
    """Make a convolution that keeps H and W, its batch norm and its ReLU."""
    window = row.height, row.width
    padding = row.height // 2, row.width // 2
    layers = OrderedDict[str, nn.Module](
        conv=nn.Conv2d(inputs, filters, window, padding=padding, bias=False),
        bn=nn.BatchNorm2d(filters),
        relu=nn.ReLU(),
    )
    return nn.Sequential(layers)


class Stage(nn.Module):
    """Each layer reads what comes in and all layers before it: (N, in, H, W) to (N, out, H, W).

    `filters` are those of each layer; what the last one makes is what comes out.
    """

    def __init__(self, inputs: int, row: StageRow, filters: int) -> None:
        super().__init__()
        for number in range(3 * row.blocks):
            self.add_module(f"layer{number + 1}", layer(inputs + number * filters, row, filters))

    def forward(self, x: Tensor) -> Tensor:
        made = x
        for number, part in enumerate(self.children()):
            x = torch.cat((x, made), dim=1) if number else x  # (N, C + filters, H, W)
            made = part(x)
        return made


class NAS(nn.Module):
    """39 convolutions in three stages: (N, 3, H, W) of at least 4 pixels to (N, num_classes).

    Args:
        num_classes: width of the output.
        extra_filters: how many filters each layer has beyond its row of STAGES, at least 0; 40
            in the paper's largest network.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(self, num_classes: int = 10, extra_filters: int = 0) -> None:
        if extra_filters < 0:
            raise ValueError(f"extra_filters is {extra_filters}; it is at least 0.")
        super().__init__()
        first, second, third = (row.filters + extra_filters for row in STAGES)
        self.stage1 = Stage(3, STAGES[0], first)  # 32 × 32
        self.pool1 = nn.MaxPool2d(2)
        self.stage2 = Stage(first, STAGES[1], second)  # 16 × 16
        self.pool2 = nn.MaxPool2d(2)
        self.stage3 = Stage(second, STAGES[2], third)  # 8 × 8
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(third, num_classes)
        he_normal(self)
        limit_input_size(self, smallest=4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stage2(self.pool1(self.stage1(x)))
        x = self.stage3(self.pool2(x))
        return self.fc(self.avgpool(x).flatten(1))


PAPER = Paper(
    "Neural Architecture Search with Reinforcement Learning",
    "Barret Zoph, Quoc V. Le",
    2016,
    "ICLR 2017",
    "1611.01578",
)

SPECS = (
    ModelSpec(
        key="cifar_nas_v3",
        family="nasnet",
        display_name="NAS v3 (CIFAR-10)",
        build=NAS,
        input_shape=(3, 32, 32),
        num_classes=10,
        paper=PAPER,
        idea="A recurrent network proposes the windows, the filters and the skip connections of a "
        "network layer by layer, and is rewarded with the accuracy that its proposal reaches.",
        stages=("stage1", "stage2", "stage3", "fc"),
        initialisation=he_in_words("outputs"),
        exact_params=7_141_402,
        exact_macs=1_094_722_920,
        counts_source="the two counts that the paper prints, 7.1M and 37.4M",
        published=published("cifar_nas_v3"),
        departures=(
            "The paper prints no table of its 39 layers (its Figure 7 is another network, of 15): "
            "their windows, their numbers of filters and their skip connections are not known, "
            "and those built here are a stand-in.",
            "With one window and one number of filters for each stage, and each layer reading all "
            "before it in its stage, it is the only one of 64,000 tables that gives both printed "
            "counts: 7.1M (7,141,402 are built), and 37.4M with 40 more filters in each layer "
            "(extra_filters=40, 37,422,362).",
            "The paper pools at layers 13 and 24; here the 2×2 poolings stand behind layers 12 and "
            "24, where blocks of three layers end.",
            "Between maps of unlike sizes the paper's skip connections pad with zeros; here none "
            "crosses a pooling.",
        ),
    ),
)
