"""SqueezeNet: AlexNet's accuracy with 50 times fewer parameters (Iandola et al., arXiv 2016).

The idea: 3×3 kernels are cheap when few channels reach them. A fire module squeezes its input to a
few maps with 1×1 kernels, then expands them with 1×1 and 3×3 kernels, side by side. Table 1:

             output      squeeze  expand 1×1 + 3×3
    conv1    109 × 109   96 kernels 7×7, stride 2; max pool to 54 × 54
    fire2, 3  54 × 54    16        64 +  64
    fire4     54 × 54    32       128 + 128          max pool to 27 × 27
    fire5     27 × 27    32       128 + 128
    fire6, 7  27 × 27    48       192 + 192
    fire8     27 × 27    64       256 + 256          max pool to 13 × 13
    fire9     13 × 13    64       256 + 256
    conv10    13 × 13    1000 kernels 1×1, then the mean of each map

A bypass adds a module's input to its output (Figure 2): the simple one where both have as many
channels, the complex one in every module, with a 1×1 convolution where they differ.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import fan_in_uniform
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Kernels of conv1, their size, the fire modules that a max pooling follows, the smallest image.
VERSIONS = {"1.0": (96, 7, (4, 8), 21), "1.1": (64, 3, (3, 5), 17)}
FIRES = range(2, 10)  # the paper counts layers: fire2 to fire9


class Fire(nn.Module):
    """Squeeze, then expand: (N, inputs, H, W) to (N, expand1x1 + expand3x3, H, W).

    `bypass` is what carries the input around the module: nn.Identity, a convolution, or None.
    """

    def __init__(
        self, inputs: int, squeeze: int, expand1x1: int, expand3x3: int, bypass: nn.Module | None
    ) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.relu_squeeze = nn.ReLU()
        self.expand1x1 = nn.Conv2d(squeeze, expand1x1, 1)
        self.relu1x1 = nn.ReLU()
        self.expand3x3 = nn.Conv2d(squeeze, expand3x3, 3, padding=1)
        self.relu3x3 = nn.ReLU()
        self.bypass = bypass

    def forward(self, x: Tensor) -> Tensor:
        few = self.relu_squeeze(self.squeeze(x))
        wide = (self.relu1x1(self.expand1x1(few)), self.relu3x3(self.expand3x3(few)))
        many = torch.cat(wide, dim=1)
        return many if self.bypass is None else many + self.bypass(x)


def bypass_path(kind: str | None, inputs: int, outputs: int) -> nn.Module | None:
    """Make what carries a module's input around it; None where there is no bypass."""
    if kind is None or (kind == "simple" and inputs != outputs):
        return None
    return nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)


class SqueezeNet(nn.Sequential):
    """SqueezeNet for images (N, 3, H, W) of at least 21 pixels: (N, num_classes).

    The options after `bypass` are Section 5's. Fire module number i, from 0, expands to
    e = base_e + incr_e · ⌊i / freq⌋ maps, e · pct_3x3 of them by 3×3 kernels, from
    e · squeeze_ratio squeezed ones.

    Args:
        num_classes: width of the output.
        version: "1.0" is the paper's; "1.1" has 3×3 kernels in conv1, pools earlier, and
            takes 17 pixels.
        bypass: "simple", "complex" or None.
        base_e: maps of the first fire module, at least 2.
        incr_e: maps that are added after every `freq` modules, at least 0.
        freq: modules of one width, at least 1.
        pct_3x3: share of 3×3 kernels, between 0 and 1.
        squeeze_ratio: squeezed maps for each expanded one, over 0 and up to 1.
        dropout: probability for a value behind fire9 to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        version: str = "1.0",
        bypass: str | None = None,
        base_e: int = 128,
        incr_e: int = 128,
        freq: int = 2,
        pct_3x3: float = 0.5,
        squeeze_ratio: float = 0.125,
        dropout: float = 0.5,
    ) -> None:
        _check(version, bypass, base_e, incr_e, freq, pct_3x3, squeeze_ratio)
        require_below_one(dropout=dropout)
        super().__init__()
        channels, kernel, pooled, smallest = VERSIONS[version]
        self.conv1 = nn.Conv2d(3, channels, kernel, stride=2)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        for i, number in enumerate(FIRES):
            e = base_e + incr_e * (i // freq)
            e3x3 = max(1, int(e * pct_3x3))
            squeeze = max(1, int(e * squeeze_ratio))
            path = bypass_path(bypass, channels, e)
            self.add_module(f"fire{number}", Fire(channels, squeeze, e - e3x3, e3x3, path))
            channels = e
            if number in pooled:
                self.add_module(f"pool{number}", nn.MaxPool2d(3, stride=2, ceil_mode=True))
        self.drop9 = nn.Dropout(dropout)
        self.conv10 = nn.Conv2d(channels, num_classes, 1)
        self.relu10 = nn.ReLU()
        self.pool10 = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self._initialise()
        limit_input_size(self, smallest)

    def _initialise(self) -> None:
        """Caffe's xavier, and N(0, 0.01) in conv10, as the authors' release has it."""
        for name, layer in self.named_modules():
            if isinstance(layer, nn.Conv2d) and name != "conv10":
                fan_in_uniform(layer)
        if not self.conv10.weight.is_meta:
            nn.init.normal_(self.conv10.weight, std=0.01)
            if self.conv10.bias is not None:
                nn.init.zeros_(self.conv10.bias)


def _check(
    version: str,
    bypass: str | None,
    base_e: int,
    incr_e: int,
    freq: int,
    pct_3x3: float,
    squeeze_ratio: float,
) -> None:
    for name, value, fits, allowed in (
        ("version", version, version in VERSIONS, "'1.0' or '1.1'"),
        ("bypass", bypass, bypass in (None, "simple", "complex"), "'simple', 'complex' or None"),
        ("base_e", base_e, base_e >= 2, "at least 2"),
        ("incr_e", incr_e, incr_e >= 0, "at least 0"),
        ("freq", freq, freq >= 1, "at least 1"),
        ("pct_3x3", pct_3x3, 0 < pct_3x3 < 1, "more than 0 and less than 1"),
        ("squeeze_ratio", squeeze_ratio, 0 < squeeze_ratio <= 1, "more than 0 and up to 1"),
    ):
        if not fits:
            raise ValueError(f"{name} is {value!r}; SqueezeNet takes {allowed}.")


_PAPER = Paper(
    title="SqueezeNet: AlexNet-level accuracy with 50× fewer parameters and <0.5MB model size",
    authors=(
        "Forrest N. Iandola, Song Han, Matthew W. Moskewicz, Khalid Ashraf, William J. Dally, "
        "Kurt Keutzer"
    ),
    year=2016,
    venue="arXiv 2016",
    arxiv="1602.07360",
)

_FIRE = "A few 1×1 kernels squeeze the maps before 1×1 and 3×3 kernels expand them."
_EARLIER = "SqueezeNet with a smaller first layer and earlier pooling: less than half the work."
_SIMPLE = "SqueezeNet whose modules with as many outputs as inputs add their input to their output."
_COMPLEX = "SqueezeNet with a bypass around every module, by a 1×1 convolution where widths differ."

_INPUT = (
    "Table 1 prints an input of 224 × 224 and maps of 111 × 111 behind conv1; 224 pixels make 109, "
    "and the 227 of the authors' release make 111."
)
_PADDED = (
    "The authors' release pads conv10 by one pixel, to 15 × 15; here it makes the 13 × 13 of Table "
    "1, as in the public weights' network.",
    "The release prints 1.72 GFLOPS an image, which is 2 × 861.3 M multiply-adds: 227 × 227 pixels "
    "and the padded conv10, where 224 × 224 pixels without the padding have 818.9 M.",
)
_PRINTED_1_1 = (
    "This is a release of the authors, later than the paper.",
    "The release prints 0.72 GFLOPS an image, which is 2 × 360 M multiply-adds; its layers have "
    "349.2 M at 224 × 224 pixels and 387.7 M at its 227 × 227.",
)
_NO_RELU = (
    "The four 1×1 convolutions, 341,248 parameters, have biases and no ReLU of their own; the "
    "paper says neither, and the authors released no complex bypass.",
)


def _spec(
    key: str, name: str, params: int, macs: int, idea: str, *departures: str, **options: str
) -> ModelSpec:
    return ModelSpec(
        key=key,
        family="squeezenet",
        display_name=name,
        build=partial(SqueezeNet, **options),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea=idea,
        stages=("relu1", *(f"fire{number}" for number in FIRES), "conv10"),
        initialisation=(
            "uniform, variance 1 / inputs of a unit, conv10 normal with standard deviation 0.01, "
            "biases 0 (the authors' release)"
        ),
        exact_params=params,
        exact_macs=macs,
        counts_source=(
            "torchvision's network of the same name, which has the same layers"
            if public_weights(key)
            else "layer-by-layer arithmetic from Table 1 and Figure 2"
        ),
        published=published(key),
        departures=departures,
        weights=public_weights(key),
    )


# fmt: off
SPECS = (
    _spec("squeezenet1_0", "SqueezeNet 1.0", 1_248_424, 818_924_576, _FIRE, _INPUT, *_PADDED),
    _spec("squeezenet1_1", "SqueezeNet 1.1", 1_235_496, 349_151_936, _EARLIER, *_PRINTED_1_1,
          version="1.1"),
    _spec("squeezenet_simple_bypass", "SqueezeNet (simple bypass)", 1_248_424, 818_924_576,
          _SIMPLE, _INPUT, bypass="simple"),
    _spec("squeezenet_complex_bypass", "SqueezeNet (complex bypass)", 1_589_672, 1_165_298_720,
          _COMPLEX, _INPUT, *_NO_RELU, bypass="complex"),
)
