"""MobileNet v1 (Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam, 2017).

The idea: split a convolution in two. A depthwise 3×3 filters each channel by itself, then a 1×1
mixes the channels. Of the multiply-adds of a full 3×3 convolution with N outputs a share of
1/N + 1/9 is left, about an eighth. The width multiplier makes every layer equally thinner.

Table 1 of the paper is the stem, the 13 blocks of BLOCKS, average pooling and one linear layer.
It prints stride 2 for the last depthwise layer, whose output it gives as 7×7: stride 1 it is.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Output channels and stride of each depthwise separable block, a line per resolution.
BLOCKS = (
    ((64, 1),),  # 112 × 112
    ((128, 2), (128, 1)),  # 56 × 56
    ((256, 2), (256, 1)),  # 28 × 28
    ((512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1)),  # 14 × 14
    ((1024, 2), (1024, 1)),  # 7 × 7
)


class DepthwiseSeparable(nn.Module):
    """A 3×3 filter for each channel, then a 1×1 across channels, both with BN and ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int, relu6: bool = False) -> None:
        super().__init__()
        relu = nn.ReLU6 if relu6 else nn.ReLU
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.relu1 = relu()
        self.pointwise = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = relu()

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu1(self.bn1(self.depthwise(x)))  # (N, inputs, H / stride, W / stride)
        return self.relu2(self.bn2(self.pointwise(x)))  # (N, outputs, H / stride, W / stride)


class MobileNetV1(nn.Sequential):
    """MobileNet for images (N, 3, H, W) of any size; the paper trains at 224, 192, 160 and 128.

    Args:
        num_classes: width of the output.
        width: the paper's multiplier for every number of channels, over 0 and up to 1. A layer
            keeps at least 8 channels, as in the authors' release.
        relu6: clip every ReLU at 6, as the released networks and the public weights do.

    Raises:
        ValueError: if `width` is out of range.
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0, relu6: bool = False) -> None:
        if not 0 < width <= 1:
            raise ValueError(f"width is {width}; MobileNet's multiplier is over 0 and up to 1.")
        super().__init__()
        channels = max(8, int(32 * width))
        relu = nn.ReLU6 if relu6 else nn.ReLU
        conv = nn.Conv2d(3, channels, 3, stride=2, padding=1, bias=False)
        self.stem = nn.Sequential(OrderedDict(conv=conv, bn=nn.BatchNorm2d(channels), relu=relu()))
        for number, blocks in enumerate(BLOCKS, start=1):
            stage = nn.Sequential()
            for full, stride in blocks:
                outputs = max(8, int(full * width))
                stage.append(DepthwiseSeparable(channels, outputs, stride, relu6))
                channels = outputs
            self.add_module(f"stage{number}", stage)
        self.pool = nn.AdaptiveAvgPool2d(1)  # (N, 1024, 7, 7) -> (N, 1024, 1, 1) at width 1
        self.flatten = nn.Flatten()
        self.classifier = nn.Linear(channels, num_classes)
        he_normal(self)


_PAPER = Paper(
    title="MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
    authors=(
        "Andrew G. Howard, Menglong Zhu, Bo Chen, Dmitry Kalenichenko, Weijun Wang, Tobias "
        "Weyand, Marco Andreetto, Hartwig Adam"
    ),
    year=2017,
    venue="arXiv 2017",
    arxiv="1704.04861",
)


def _spec(width: float, params: int, macs: int) -> ModelSpec:
    key = "mobilenet_v1" + ("" if width == 1 else f"_x{width:g}".replace(".", "_"))
    return ModelSpec(
        key=key,
        family="mobilenet",
        display_name="MobileNet v1" + ("" if width == 1 else f" ×{width:g}"),
        build=partial(MobileNetV1, width=width),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea="Filter each channel by itself, then mix the channels with a 1×1 convolution: about "
        "an eighth of the work.",
        stages=("stem", "stage1", "stage2", "stage3", "stage4", "stage5", "classifier"),
        initialisation=he_in_words("outputs", grouped=True),
        exact_params=params,
        exact_macs=macs,
        counts_source=_COUNTS,
        published=published(key),
        departures=_DEPARTURES,
        # timm's network clips at 6: its weights give other logits with a plain ReLU.
        weights=public_weights(key),
    )


_COUNTS = (
    "layer-by-layer arithmetic from Table 1, and the 4.2, 2.6, 1.3 and 0.5 million parameters that "
    "the paper prints for the four widths"
)

_DEPARTURES = (
    "The last depthwise layer has stride 1; Table 1 prints stride 2, but also a 7×7 output, which "
    "only stride 1 gives, and at full width stride 2 would leave 534M multiply-adds of the 569M "
    "that Table 6 prints.",
    "The public weights of width 1 were trained with ReLU clipped at 6, so they need relu6=True; "
    "the paper draws a plain ReLU, which is the default.",
)

SPECS = (
    _spec(1.0, 4_231_976, 568_740_352),
    _spec(0.75, 2_585_560, 325_400_448),
    _spec(0.5, 1_331_592, 149_497_088),
    _spec(0.25, 470_072, 41_030_272),
)
