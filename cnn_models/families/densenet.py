"""DenseNet (Huang, Liu, van der Maaten, Weinberger, CVPR 2017).

The idea: every layer of a block reads the maps of all layers before it, side by side, and adds
only a few of its own (the growth rate k). Features are reused instead of learnt again.

A layer is BN-ReLU-conv3x3 to k channels. In DenseNet-BC a bottleneck comes before it, BN-ReLU-
conv1x1 to 4k channels (B), and the transitions between the blocks halve the channels (C); every
transition halves height and width. The networks for ImageNet are all BC:
Table 1 of the paper:        stem      56×56     28×28     14×14     7×7
    DenseNet-121, k = 32    7×7, /4   6 layers  12        24        16
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_at_least_one, require_below_one
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Growth rate, and layers in each dense block: Table 1, and the 161 of the authors' release.
TABLE_1 = {
    121: (32, (6, 12, 24, 16)),
    169: (32, (6, 12, 32, 32)),
    201: (32, (6, 12, 48, 32)),
    264: (32, (6, 12, 64, 48)),
    161: (48, (6, 12, 36, 24)),
}
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
            if dropout:
                self.drop1 = nn.Dropout(dropout)
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

    def __init__(self, inputs: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(inputs, outputs, 1, bias=False)
        if dropout:
            self.drop = nn.Dropout(dropout)
        self.pool = nn.AvgPool2d(2)


def stem(channels: int, cifar: bool) -> nn.Sequential:
    """One 3×3 convolution for CIFAR; for ImageNet to a quarter of the height and width."""
    if cifar:
        return nn.Sequential(OrderedDict(conv0=nn.Conv2d(3, channels, 3, padding=1, bias=False)))
    return nn.Sequential(
        OrderedDict(
            conv0=nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False),
            norm0=nn.BatchNorm2d(channels),
            relu0=nn.ReLU(),
            pool0=nn.MaxPool2d(3, stride=2, padding=1),  # (N, 64, 56, 56) from 224 pixels
        )
    )


class DenseNet(nn.Sequential):
    """DenseNet for images (N, 3, H, W) of at least 29 pixels, or 4 for CIFAR: (N, num_classes).

    Args:
        num_classes: width of the output.
        growth: maps that each layer adds, at least 1.
        blocks: layers of each dense block, at least 1 in each.
        bottleneck: width of the 1×1 convolutions in growth rates, at least 1; None for none.
        compression: share of the channels that a transition keeps, over 0 and up to 1.
        dropout: probability for a value behind a convolution, the first one excepted, to be left
            out while training; the paper's is 0.2 where it does not augment its images.
        cifar: whether the stem is that of the small images of CIFAR: a 3×3 convolution to 16
            channels, or 2 growth rates with both bottleneck and compression.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        growth: int = 32,
        blocks: tuple[int, ...] = TABLE_1[121][1],
        bottleneck: int | None = BOTTLENECK,
        compression: float = COMPRESSION,
        dropout: float = 0.0,
        cifar: bool = False,
    ) -> None:
        _check(growth, blocks, bottleneck, compression)
        require_below_one(dropout=dropout)
        super().__init__()
        basic = bottleneck is None or compression == 1
        channels = 16 if cifar and basic else 2 * growth
        self.stem = stem(channels, cifar)
        for number, layers in enumerate(blocks, start=1):
            if number > 1:
                kept = int(channels * compression)
                self.add_module(f"transition{number - 1}", Transition(channels, kept, dropout))
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
        # Each transition divides by 2 and rounds down; ImageNet's stem divides by 4, rounding up.
        smallest = 2 ** (len(blocks) - 1)
        limit_input_size(self, smallest if cifar else 4 * smallest - 3)


def _check(
    growth: int, blocks: tuple[int, ...], bottleneck: int | None, compression: float
) -> None:
    require_at_least_one(growth=growth)
    if not blocks or min(blocks) < 1:
        raise ValueError(f"blocks is {blocks}; there is at least 1 block of at least 1 layer.")
    if bottleneck is not None and bottleneck < 1:
        raise ValueError(f"bottleneck is {bottleneck}; it is at least 1 growth rate, or None.")
    if not 0 < compression <= 1:
        raise ValueError(f"compression is {compression}; it is over 0 and up to 1.")


PAPER = Paper(
    title="Densely Connected Convolutional Networks",
    authors="Gao Huang, Zhuang Liu, Laurens van der Maaten, Kilian Q. Weinberger",
    year=2016,
    venue="CVPR 2017",
    arxiv="1608.06993",
)
_LAST_NORM = (
    "Batch normalisation and ReLU follow the last dense block, as in the authors' code; the paper "
    "names the average pooling only."
)
_DROPOUT = (
    "Dropout is off, as where the paper augments its images; dropout=0.2 is its setting for "
    "CIFAR-10 without augmentation."
)
_NOT_PRINTED = (
    "Table 1 of the final paper has DenseNet-264, but no DenseNet-161: growth rate 48 and blocks "
    "of 6, 12, 36 and 24 layers are those of the authors' release."
)
_ONE_MORE = (
    "Blocks of 6, 12, 64 and 48 layers, a stem, 3 transitions and the classifier are 265 layers "
    "with weights; the paper calls the network DenseNet-264."
)


def _wider_stem(channels: int, params: str) -> str:
    return (
        f"The authors' released code starts with {channels} channels, two growth rates, and has "
        f"{params} parameters; the paper starts with 16 unless it is DenseNet-BC."
    )


def _spec(
    key: str, name: str, build: partial, params: int, macs: int, source: str, *departures: str
) -> ModelSpec:
    cifar = key.startswith("cifar_")
    between = [f"{part}{n}" for n in range(1, 3 if cifar else 4) for part in _PAIR]
    return ModelSpec(
        key=key,
        family="densenet",
        display_name=name,
        build=build,
        input_shape=(3, 32, 32) if cifar else (3, 224, 224),
        num_classes=10 if cifar else 1000,
        paper=PAPER,
        idea="Every layer reads the maps of all layers before it and adds a few of its own.",
        stages=("stem", *between, f"denseblock{3 if cifar else 4}", "classifier"),
        initialisation=he_in_words("outputs", "Section 4.2"),
        exact_params=params,
        exact_macs=macs,
        counts_source=source,
        published=published(key),
        departures=(_LAST_NORM, *departures),
        weights=public_weights(key),
    )


def _imagenet(depth: int, params: int, macs: int, source: str, *departures: str) -> ModelSpec:
    growth, blocks = TABLE_1[depth]
    build = partial(DenseNet, growth=growth, blocks=blocks)
    key, name = f"densenet{depth}", f"DenseNet-{depth}"
    return _spec(key, name, build, params, macs, source, *departures)


def _cifar(
    depth: int, growth: int, params: int, macs: int, *departures: str, bc: bool = False
) -> ModelSpec:
    """Section 3: the stem, three equal blocks, two transitions and the classifier, L layers."""
    build = partial(
        DenseNet,
        growth=growth,
        blocks=((depth - 4) // (6 if bc else 3),) * 3,
        bottleneck=BOTTLENECK if bc else None,
        compression=COMPRESSION if bc else 1.0,
        cifar=True,
    )
    key = f"cifar_densenet{'_bc' if bc else ''}{depth}_k{growth}"
    name = f"DenseNet{'-BC' if bc else ''}-{depth}, k = {growth} (CIFAR-10)"
    source = _PYTORCHCV if bc else _ARITHMETIC
    return _spec(key, name, build, params, macs, source, _DROPOUT, *departures)


_PAIR = ("denseblock", "transition")
_TORCHVISION = "torchvision's network of the same name, which has the same layers"
_LUCID = "layer-by-layer arithmetic from Table 1, and the parameters of lucid's DenseNet-264"
_PYTORCHCV = "layer-by-layer arithmetic, and the parameters of pytorchcv's network of this name"
_ARITHMETIC = "layer-by-layer arithmetic from Section 3 of the paper"

# fmt: off
SPECS = (
    _imagenet(121, 7_978_856, 2_834_161_664, _TORCHVISION),
    _imagenet(169, 14_149_480, 3_359_843_328, _TORCHVISION),
    _imagenet(201, 20_013_928, 4_291_365_888, _TORCHVISION),
    _imagenet(161, 28_681_000, 7_727_907_072, _TORCHVISION, _NOT_PRINTED),
    _imagenet(264, 33_337_704, 5_751_653_376, _LUCID, _ONE_MORE),
    _cifar(40, 12, 1_019_722, 264_812_928, _wider_stem(24, "1,059,298")),
    _cifar(100, 12, 6_979_642, 1_769_516_448, _wider_stem(24, "7,083,538")),
    _cifar(100, 24, 27_249_082, 6_889_347_744, _wider_stem(48, "28,071,706")),
    _cifar(100, 12, 769_162, 287_929_692, bc=True),
    _cifar(250, 24, 15_324_406, 5_418_785_724, bc=True),
    _cifar(190, 40, 25_624_430, 9_301_945_740, bc=True),
)
