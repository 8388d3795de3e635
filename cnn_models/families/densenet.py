"""DenseNet (Huang, Liu, van der Maaten, Weinberger, CVPR 2017).

The idea: every layer of a block reads the maps of all layers before it, side by side, and adds
only a few of its own (the growth rate k). Features are reused instead of learnt again.

A layer is BN-ReLU-conv1x1 to 4k channels (the bottleneck, B), BN-ReLU-conv3x3 to k channels.
Between the blocks a transition halves the channels (the compression, C), height and width.
Table 1 of the paper:        stem      56×56     28×28     14×14     7×7
    DenseNet-121, k = 32    7×7, /4   6 layers  12        24        16
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_dropout
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Growth rate, and layers in each dense block: Table 1.
CONFIGURATIONS = {"densenet121": (32, (6, 12, 24, 16))}
BOTTLENECK = 4  # channels of a layer's 1×1 convolution, in growth rates
COMPRESSION = 0.5  # share of the channels that a transition keeps


class DenseLayer(nn.Sequential):
    """From all maps so far (N, inputs, H, W) to `growth` new ones (N, growth, H, W)."""

    def __init__(self, inputs: int, growth: int, bottleneck: int | None, dropout: float) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.relu1 = nn.ReLU()
        if bottleneck is None:
            self.conv1 = nn.Conv2d(inputs, growth, 3, padding=1, bias=False)
        else:
            self.conv1 = nn.Conv2d(inputs, bottleneck * growth, 1, bias=False)
            self.norm2 = nn.BatchNorm2d(bottleneck * growth)
            self.relu2 = nn.ReLU()
            self.conv2 = nn.Conv2d(bottleneck * growth, growth, 3, padding=1, bias=False)
        if dropout:
            self.drop = nn.Dropout(dropout)


class DenseBlock(nn.Module):
    """Layers that each put their maps beside all maps before them."""

    def __init__(
        self, layers: int, inputs: int, growth: int, bottleneck: int | None, dropout: float
    ) -> None:
        super().__init__()
        for number in range(layers):
            layer = DenseLayer(inputs + number * growth, growth, bottleneck, dropout)
            self.add_module(f"denselayer{number + 1}", layer)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = torch.cat((x, layer(x)), dim=1)  # (N, C, H, W) -> (N, C + growth, H, W)
        return x


class Transition(nn.Sequential):
    """Fewer channels by a 1×1 convolution, then half the height and width."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.pool = nn.AvgPool2d(2)


class DenseNet(nn.Sequential):
    """DenseNet-BC for images (N, 3, H, W) of at least 29 pixels: (N, num_classes).

    Args:
        num_classes: width of the output.
        growth: maps that each layer adds, at least 1.
        blocks: layers of each dense block, at least 1 in each.
        bottleneck: width of the 1×1 convolutions in growth rates, at least 1; None for none.
        compression: share of the channels that a transition keeps, over 0 and up to 1.
        dropout: probability for a value behind a layer to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        growth: int = 32,
        blocks: tuple[int, ...] = (6, 12, 24, 16),
        bottleneck: int | None = BOTTLENECK,
        compression: float = COMPRESSION,
        dropout: float = 0.0,
    ) -> None:
        _check(growth, blocks, bottleneck, compression)
        require_dropout(dropout)
        super().__init__()
        channels = 2 * growth
        self.stem = nn.Sequential(
            OrderedDict(
                conv0=nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False),
                norm0=nn.BatchNorm2d(channels),
                relu0=nn.ReLU(),
                pool0=nn.MaxPool2d(3, stride=2, padding=1),  # (N, 64, 56, 56) from 224 pixels
            )
        )
        for number, layers in enumerate(blocks, start=1):
            if number > 1:
                kept = int(channels * compression)
                self.add_module(f"transition{number - 1}", Transition(channels, kept))
                channels = kept
            block = DenseBlock(layers, channels, growth, bottleneck, dropout)
            self.add_module(f"denseblock{number}", block)
            channels += layers * growth
        self.norm5 = nn.BatchNorm2d(channels)  # (N, 1024, 7, 7) in DenseNet-121
        self.relu5 = nn.ReLU()
        self.pool5 = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.classifier = nn.Linear(channels, num_classes)
        he_normal(self)
        # The stem divides by 4 and rounds up; each transition divides by 2 and rounds down.
        limit_input_size(self, 4 * 2 ** (len(blocks) - 1) - 3)


def _check(
    growth: int, blocks: tuple[int, ...], bottleneck: int | None, compression: float
) -> None:
    if growth < 1:
        raise ValueError(f"growth is {growth}; a layer adds at least 1 map.")
    if not blocks or min(blocks) < 1:
        raise ValueError(f"blocks is {blocks}; there is at least 1 block of at least 1 layer.")
    if bottleneck is not None and bottleneck < 1:
        raise ValueError(f"bottleneck is {bottleneck}; it is at least 1 growth rate, or None.")
    if not 0 < compression <= 1:
        raise ValueError(f"compression is {compression}; it is over 0 and up to 1.")


_PAPER = Paper(
    title="Densely Connected Convolutional Networks",
    authors="G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger",
    year=2016,
    venue="CVPR 2017",
    arxiv="1608.06993",
)


def _spec(key: str, name: str, params: int, macs: int) -> ModelSpec:
    growth, blocks = CONFIGURATIONS[key]
    parts = ["denseblock1"]
    for number in range(2, len(blocks) + 1):
        parts += [f"transition{number - 1}", f"denseblock{number}"]
    return ModelSpec(
        key=key,
        family="densenet",
        display_name=name,
        build=partial(DenseNet, growth=growth, blocks=blocks),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea="Every layer reads the maps of all layers before it and adds a few of its own.",
        stages=("stem", *parts, "classifier"),
        initialisation="He's normal rule, variance 2 / outputs of a unit (Section 4.2)",
        exact_params=params,
        exact_macs=macs,
        counts_source="torchvision's network of the same name, which has the same layers",
        published=published(key),
        departures=(
            "Batch normalisation and ReLU follow the last dense block, as in the authors' code; "
            "Table 1 shows the average pooling only.",
        ),
        weights=public_weights(key),
    )


SPECS = (_spec("densenet121", "DenseNet-121", 7_978_856, 2_834_161_664),)
