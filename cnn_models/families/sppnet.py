"""SPPNet: spatial pyramid pooling (He, Zhang, Ren, Sun, ECCV 2014).

The idea: convolutions take images of any size, only the first fully connected layer does not. A
pyramid of poolings with a fixed number of bins stands between them: each level divides the last
map, whatever its size, into n × n bins and keeps the largest value of each. ZF-5, the smallest
network of the paper, is ZFNet's convolutions with the response norm before the pooling:

    conv1  96 kernels 7×7, stride 2   224 -> 110   norm, max pool 3×3 stride 2, to 55
    conv2 256 kernels 5×5, stride 2    55 -> 26    norm, max pool 3×3 stride 2, to 13
    conv3 384, conv4 384, conv5 256 kernels 3×3, at 13 × 13
    pyramid of 6×6, 3×3, 2×2 and 1×1 bins, 50 in all: 50 · 256 = 12800 values
    fc6, fc7 4096 units each, with dropout; fc8 1000 units
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.families.alexnet import named, normal_of_section_5, response_norm
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper

LEVELS = (6, 3, 2, 1)


class PyramidPooling(nn.Module):
    """From maps of any size (N, C, H, W) to (N, C · bins), where bins is the sum of all n².

    Bin i of a level of n goes from ⌊i·H/n⌋ to ⌈(i + 1)·H/n⌉ (Appendix A), which is what torch's
    adaptive pooling does too.
    """

    def __init__(self, levels: tuple[int, ...]) -> None:
        super().__init__()
        for bins in levels:
            self.add_module(f"pool{bins}", nn.AdaptiveMaxPool2d(bins))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([pool(x).flatten(1) for pool in self.children()], dim=1)


class SPPNet(nn.Sequential):
    """ZF-5 with a pyramid, for images (N, 3, H, W) of at least 31 pixels: (N, num_classes).

    Args:
        num_classes: width of the output.
        levels: bins a side of each level of the pyramid, at least 1 and none of them twice.
        dropout: probability for a unit of fc6 and fc7 to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        levels: tuple[int, ...] = LEVELS,
        dropout: float = 0.5,
    ) -> None:
        if not levels or min(levels) < 1 or len(set(levels)) < len(levels):
            raise ValueError(f"levels is {levels}; there is a level, each at least 1, none twice.")
        require_below_one(dropout=dropout)
        super().__init__()
        self.stage1 = named(
            conv1=nn.Conv2d(3, 96, 7, stride=2, padding=1),  # (N, 96, 110, 110) from 224 pixels
            relu1=nn.ReLU(),
            norm1=response_norm(),
            pool1=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # (N, 96, 55, 55)
        )
        self.stage2 = named(
            conv2=nn.Conv2d(96, 256, 5, stride=2),  # (N, 256, 26, 26)
            relu2=nn.ReLU(),
            norm2=response_norm(),
            pool2=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # (N, 256, 13, 13)
        )
        self.stage3 = named(
            conv3=nn.Conv2d(256, 384, 3, padding=1),  # (N, 384, 13, 13)
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(384, 384, 3, padding=1),  # (N, 384, 13, 13)
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(384, 256, 3, padding=1),  # (N, 256, 13, 13)
            relu5=nn.ReLU(),
        )
        self.pyramid = PyramidPooling(levels)  # (N, 12800), whatever the size of the image
        self.classifier = named(
            fc6=nn.Linear(256 * sum(bins * bins for bins in levels), 4096),
            relu6=nn.ReLU(),
            drop6=nn.Dropout(dropout),
            fc7=nn.Linear(4096, 4096),
            relu7=nn.ReLU(),
            drop7=nn.Dropout(dropout),
            fc8=nn.Linear(4096, num_classes),
        )
        normal_of_section_5(self)
        limit_input_size(self, 31)


SPECS = (
    ModelSpec(
        key="sppnet_zf5",
        family="alexnet",
        display_name="SPPNet (ZF-5)",
        build=SPPNet,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=Paper(
            title=("Spatial Pyramid Pooling in Deep Convolutional Networks for Visual Recognition"),
            authors="Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
            year=2014,
            venue="ECCV 2014",
            arxiv="1406.4729",
        ),
        idea="A pyramid with a fixed number of bins lets a network take images of any size.",
        stages=("stage1", "stage2", "stage3", "pyramid", "classifier"),
        initialisation=(
            "normal, standard deviation 0.01; biases 1 in conv2, conv4, conv5, fc6 and fc7, else 0 "
            "(the authors' release)"
        ),
        exact_params=77_037_672,
        exact_macs=1_182_712_960,
        counts_source=(
            "layer-by-layer arithmetic from the authors' release (the paper prints no counts)"
        ),
        published=published("sppnet_zf5"),
        departures=(
            "The response norm is AlexNet's, over 5 channels with alpha = 10⁻⁴; the authors' "
            "release sums over 3×3 pixels of one channel with alpha = 5 × 10⁻⁵.",
            "Level 2 pools rows 0 to 6 and 6 to 12 of a 13 × 13 map, as the paper's formula says; "
            "the authors' release pools rows 0 to 6 and 7 to 12.",
            "The release starts the biases of fc8 at 1 too, which changes no probability; here "
            "they are 0.",
        ),
    ),
)
