"""SENet-154: the largest network of "Squeeze-and-Excitation Networks" (CVPR 2018, TPAMI 2020).

The idea is SENet's; this is the network of the competition that it won, ILSVRC 2017. It is
ResNeXt-152 (64×4d), every block of which rescales its branch, with four changes that the paper's
appendix names: the first 1×1 convolution of a block has half as many channels; three 3×3
convolutions take the place of the first 7×7; a shortcut that halves height and width is a 3×3
convolution, not a 1×1; a dropout of 0.2 stands before the classifier.

    Stage            conv2_x (56 × 56)  conv3_x (28 × 28)  conv4_x (14 × 14)  conv5_x (7 × 7)
    1×1                    128                256                512               1024
    3×3, 64 groups         256                512               1024               2048
    1×1                    256                512               1024               2048
    fc, fc               16, 256            32, 512           64, 1024          128, 2048
    blocks                  3                  8                 36                 3

Departures: the first max pooling has no padding and rounds the output size up, as in the authors'
release; 112 pixels become 56 either way.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from cnn_models.blocks.initialise import he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.families.senet import HE_GROUPED, PAPER, SqueezeExcite, require_reduction
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec

CARDINALITY = 64  # groups of every 3×3 convolution
# Channels of the first 1×1 convolution of a block, and blocks, in each stage.
STAGES = ((128, 3), (256, 8), (512, 36), (1024, 3))


class SENetBlock(nn.Module):
    """A gated bottleneck: (N, in, H, W) to (N, 2·width, H/stride, W/stride)."""

    def __init__(self, in_channels: int, width: int, stride: int, reduction: int) -> None:
        super().__init__()
        out_channels = 2 * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            width, out_channels, 3, stride, padding=1, groups=CARDINALITY, bias=False
        )
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(out_channels, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.se = SqueezeExcite(out_channels, reduction)
        self.downsample = projection(in_channels, out_channels, stride)
        self.relu3 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.relu2(self.bn2(self.conv2(x)))
        return self.relu3(self.se(self.bn3(self.conv3(x))) + identity)


def projection(in_channels: int, out_channels: int, stride: int) -> nn.Sequential | None:
    """What a shortcut does where the shape changes: a 3×3 convolution where it halves the size."""
    if stride == 1 and in_channels == out_channels:
        return None
    kernel = 1 if stride == 1 else 3
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels))


def stem() -> OrderedDict[str, nn.Module]:
    """Make what replaces the 7×7 convolution: (N, 3, 224, 224) to (N, 128, 56, 56)."""
    layers = OrderedDict[str, nn.Module]()
    for number, (inputs, outputs, stride) in enumerate(
        ((3, 64, 2), (64, 64, 1), (64, 128, 1)), start=1
    ):
        layers[f"conv{number}"] = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        layers[f"bn{number}"] = nn.BatchNorm2d(outputs)
        layers[f"relu{number}"] = nn.ReLU()
    layers["pool"] = nn.MaxPool2d(3, stride=2, ceil_mode=True)
    return layers


class SENet154(nn.Sequential):
    """The appendix's network for images (N, 3, H, W) of at least 3 pixels: (N, num_classes).

    Args:
        num_classes: width of the output.
        reduction: by how much a gate reduces the channels between its two layers, 1 to 256.
        dropout: probability for an input of the classifier to be left out while training.

    Raises:
        ValueError: if `reduction` or `dropout` is out of its range.
    """

    def __init__(self, num_classes: int = 1000, reduction: int = 16, dropout: float = 0.2) -> None:
        require_reduction(reduction, largest=2 * STAGES[0][0])
        require_below_one(dropout=dropout)
        super().__init__()
        self.layer0 = nn.Sequential(stem())
        channels = 128
        for number, (width, blocks) in enumerate(STAGES, start=1):
            layer = nn.Sequential()
            for block in range(blocks):
                stride = 2 if number > 1 and block == 0 else 1
                layer.append(SENetBlock(channels, width, stride, reduction))
                channels = 2 * width
            self.add_module(f"layer{number}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(channels, num_classes)
        he_normal(self)
        limit_input_size(self, smallest=3)


SPECS = (
    ModelSpec(
        key="senet154",
        family="senet",
        display_name="SENet-154",
        build=SENet154,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=PAPER,
        idea="ResNeXt-152 with a gate in every block, made lighter inside and gentler where the "
        "size is halved: the network of the team that won ILSVRC 2017.",
        stages=("layer0", "layer1", "layer2", "layer3", "layer4", "fc"),
        initialisation=HE_GROUPED,
        exact_params=115_088_984,
        exact_macs=20_688_363_520,
        counts_source="timm's legacy_senet154, which has the same layers",
        published=published("senet154"),
        departures=(
            "The paper prints no counts; NASNet's lists SENet with 42.3 × 10⁹ operations at 320 × "
            "320, where these layers have 42.2 × 10⁹ multiply-adds, but with 145.8 million "
            "parameters where these have 115.1 million.",
            "The first max pooling has no padding and rounds the output size up, as in the "
            "authors' release: 112 pixels become 56 either way.",
            "The first shortcut, which changes the channels but not the size, is a 1×1 "
            "convolution, as in the authors' release; the appendix speaks of stride 2 only.",
        ),
        weights=public_weights("senet154"),
    ),
)
