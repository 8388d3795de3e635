"""VGG: how far depth alone goes (Simonyan, Zisserman, ICLR 2015).

The idea: only 3×3 convolutions, many of them. Two see 5×5 pixels and three see 7×7, with fewer
weights and more ReLUs than one large kernel. KERNELS is Table 1 of the paper: the configurations
differ in nothing else. Every stage ends in a 2×2 max pooling; then come 4096, 4096 and 1000 units.

Departures: the batch-normalised networks came after the paper (see SPECS).
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import Literal

from torch import nn

from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.families.alexnet import response_norm
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Channels of the five stages, and kernel sizes of the convolutions in each.
CHANNELS = (64, 128, 256, 512, 512)
KERNELS = {
    "A": ((3,), (3,), (3, 3), (3, 3), (3, 3)),
    "B": ((3, 3), (3, 3), (3, 3), (3, 3), (3, 3)),
    "C": ((3, 3), (3, 3), (3, 3, 1), (3, 3, 1), (3, 3, 1)),
    "D": ((3, 3), (3, 3), (3, 3, 3), (3, 3, 3), (3, 3, 3)),
    "E": ((3, 3), (3, 3), (3, 3, 3, 3), (3, 3, 3, 3), (3, 3, 3, 3)),
}


def stage(
    kernels: tuple[int, ...], inputs: int, outputs: int, *, bn: bool, lrn: bool
) -> nn.Sequential:
    """Stack one convolution with ReLU per kernel size, then halve height and width."""
    layers = OrderedDict[str, nn.Module]()
    for number, kernel in enumerate(kernels, start=1):
        layers[f"conv{number}"] = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
        if bn:
            layers[f"bn{number}"] = nn.BatchNorm2d(outputs)
        layers[f"relu{number}"] = nn.ReLU()
        if lrn:
            layers[f"lrn{number}"] = response_norm()
        inputs = outputs
    layers["pool"] = nn.MaxPool2d(2)
    return nn.Sequential(layers)


class VGG(nn.Sequential):
    """One configuration of Table 1, for images (N, 3, H, W) of at least 32: (N, num_classes).

    Args:
        num_classes: width of the output.
        configuration: a column of Table 1, "A" to "E".
        norm: "bn" for batch normalisation behind each convolution, "lrn" for one local response
            norm behind the first, as in column A-LRN, None for neither.
        dropout: probability for a unit of fc6 and fc7 to be left out while training.

    Raises:
        ValueError: if there is no such configuration or norm, or `dropout` is not in [0, 1).
    """

    def __init__(
        self,
        num_classes: int = 1000,
        configuration: str = "D",
        norm: Literal["bn", "lrn"] | None = None,
        dropout: float = 0.5,
    ) -> None:
        if configuration not in KERNELS:
            raise ValueError(f"configuration is {configuration!r}; VGG has A, B, C, D and E.")
        if norm not in (None, "bn", "lrn"):
            raise ValueError(f"norm is {norm!r}; VGG takes 'bn', 'lrn' or None.")
        require_below_one(dropout=dropout)
        super().__init__()
        inputs = 3
        for number, kernels in enumerate(KERNELS[configuration], start=1):
            outputs = CHANNELS[number - 1]  # (N, outputs, 224 / 2**number, 224 / 2**number)
            lrn = norm == "lrn" and number == 1
            layers = stage(kernels, inputs, outputs, bn=norm == "bn", lrn=lrn)
            self.add_module(f"stage{number}", layers)
            inputs = outputs
        self.average = nn.AdaptiveAvgPool2d(7)  # (N, 512, 7, 7); as it was at 224 pixels
        self.flatten = nn.Flatten()  # (N, 25088)
        layers = OrderedDict[str, nn.Module](
            fc6=nn.Linear(512 * 7 * 7, 4096),
            relu6=nn.ReLU(),
            drop6=nn.Dropout(dropout),
            fc7=nn.Linear(4096, 4096),
            relu7=nn.ReLU(),
            drop7=nn.Dropout(dropout),
            fc8=nn.Linear(4096, num_classes),
        )
        self.classifier = nn.Sequential(layers)
        self._initialise()
        limit_input_size(self, 32)

    def _initialise(self) -> None:
        """Glorot's rule, which the paper found to make its pre-training of A unnecessary."""
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear) and not layer.weight.is_meta:
                nn.init.xavier_uniform_(layer.weight)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)


_PAPER = Paper(
    title="Very Deep Convolutional Networks for Large-Scale Image Recognition",
    authors="Karen Simonyan, Andrew Zisserman",
    year=2014,
    venue="ICLR 2015",
    arxiv="1409.1556",
)

_IDEAS = {
    None: "Only 3×3 convolutions, many in a row: several small kernels replace a large one.",
    "C": "Configuration D with three of its 3×3 convolutions replaced by 1×1 ones.",
    "lrn": "Configuration A with AlexNet's response norm, which turned out not to help.",
    "bn": "VGG with batch normalisation, so that it trains from scratch.",
}

_DEPARTURES = {
    None: (
        "Weights are initialised by Glorot's rule, which a footnote of the paper recommends; the "
        "paper itself started its deeper networks from a trained configuration A.",
        "Average pooling to 7 × 7 comes before the classifier; it changes nothing for images of "
        "224 × 224.",
    ),
    "lrn": ("The response norm comes after the first ReLU; Table 1 does not say after or before.",),
    "bn": ("Batch normalisation follows each convolution; the paper of 2014 has none.",),
}


def _spec(
    key: str, configuration: str, params: int, macs: int, norm: Literal["bn", "lrn"] | None = None
) -> ModelSpec:
    depth = sum(len(kernels) for kernels in KERNELS[configuration]) + 3
    suffix = {None: "", "lrn": "-LRN", "bn": ", BN"}[norm]
    extra = _DEPARTURES[norm] if norm else ()
    return ModelSpec(
        key=key,
        family="vgg",
        display_name=f"VGG-{depth} ({configuration}{suffix})",
        build=partial(VGG, configuration=configuration, norm=norm),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea=_IDEAS["C" if configuration == "C" else norm],
        stages=("stage1", "stage2", "stage3", "stage4", "stage5", "classifier"),
        initialisation="Glorot's uniform rule, which a footnote of Section 3.1 names; biases 0",
        exact_params=params,
        exact_macs=macs,
        counts_source=_COUNTS[bool(public_weights(key))],
        published=published(key),
        departures=(*extra, *_DEPARTURES[None]),
        weights=public_weights(key),
    )


_COUNTS = {
    True: "Table 2 of the paper, and torchvision's network of the same name",
    False: "Table 2 of the paper, and layer-by-layer arithmetic from Table 1",
}

SPECS = (
    _spec("vgg11", "A", 132_863_336, 7_609_090_048),
    _spec("vgg11_lrn", "A", 132_863_336, 7_609_090_048, "lrn"),
    _spec("vgg13", "B", 133_047_848, 11_308_466_176),
    _spec("vgg16_c", "C", 133_638_952, 11_770_888_192),
    _spec("vgg16", "D", 138_357_544, 15_470_264_320),
    _spec("vgg19", "E", 143_667_240, 19_632_062_464),
    _spec("vgg11_bn", "A", 132_868_840, 7_609_090_048, "bn"),
    _spec("vgg13_bn", "B", 133_053_736, 11_308_466_176, "bn"),
    _spec("vgg16_bn", "D", 138_365_992, 15_470_264_320, "bn"),
    _spec("vgg19_bn", "E", 143_678_248, 19_632_062_464, "bn"),
)
