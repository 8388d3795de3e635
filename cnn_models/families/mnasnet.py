"""MnasNet (Tan, Chen, Pang, Vasudevan, Sandler, Howard, Le, CVPR 2019), the variant B1.

The idea: search for accuracy and for the time that a network takes on a real phone at once. The
network is cut into blocks of layers; each block chooses its own operation, kernel and number of
layers, so that layers may differ along the network, as they do not where one cell is repeated.

What the search found is MobileNet v2's inverted residual with kernels of 3 or 5, expansions of 3
or 6 and a plain ReLU. The paper's main network, A1, was found with squeeze-and-excitation among
the choices; B1 is the search without it, and the one that public weights exist for.
"""

from __future__ import annotations

from torch import nn

from cnn_models.blocks.channels import multiple_of_8
from cnn_models.blocks.conv_norm import conv_norm
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.blocks.options import require_below_one, require_over_zero
from cnn_models.families.mobilenet_v2 import InvertedResidual
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Operation of each block: kernel, expansion, channels, layers, and the stride of its first layer.
BLOCKS = (
    (3, 1, 16, 1, 1),  # 112 × 112, SepConv: nothing to widen
    (3, 3, 24, 3, 2),  # 56 × 56, MBConv3 3×3
    (5, 3, 40, 3, 2),  # 28 × 28, MBConv3 5×5
    (5, 6, 80, 3, 2),  # 14 × 14, MBConv6 5×5
    (3, 6, 96, 2, 1),  # MBConv6 3×3
    (5, 6, 192, 4, 2),  # 7 × 7, MBConv6 5×5
    (3, 6, 320, 1, 1),  # MBConv6 3×3
)


class MnasNet(nn.Sequential):
    """MnasNet-B1 for images (N, 3, H, W) of any size: (N, num_classes).

    Args:
        num_classes: width of the output.
        width: the paper's multiplier for the channels of every layer but the last convolution,
            over 0; 0.35 to 1.4 in the paper. Channels are rounded to multiples of 8.
        dropout: probability for a value before the linear layer to be left out while training.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(self, num_classes: int = 1000, width: float = 1.0, dropout: float = 0.2) -> None:
        require_over_zero(width=width)
        require_below_one(dropout=dropout)
        super().__init__()
        channels = multiple_of_8(32 * width)
        self.stem = conv_norm(3, channels, 3, 2, activation=nn.ReLU)  # 112 × 112
        for number, (kernel, expansion, full, layers, stride) in enumerate(BLOCKS, start=1):
            block, outputs = nn.Sequential(), multiple_of_8(full * width)
            for layer in range(layers):
                step = stride if layer == 0 else 1
                block.append(InvertedResidual(channels, outputs, step, expansion, kernel, nn.ReLU))
                channels = outputs
            self.add_module(f"block{number}", block)
        self.head = conv_norm(channels, 1280, activation=nn.ReLU)  # 7 × 7
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(1280, num_classes)
        he_normal(self)


SPECS = (
    ModelSpec(
        key="mnasnet1_0",
        family="after_2017",
        display_name="MnasNet-B1",
        build=MnasNet,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=Paper(
            title="MnasNet: Platform-Aware Neural Architecture Search for Mobile",
            authors=(
                "Mingxing Tan, Bo Chen, Ruoming Pang, Vijay Vasudevan, Mark Sandler, Andrew "
                "Howard, Quoc V. Le"
            ),
            year=2018,
            venue="CVPR 2019",
            arxiv="1807.11626",
        ),
        idea="A search rewards accuracy and the time on a real phone together, and lets every part "
        "of the network choose its own kind of layer.",
        stages=("stem", *(f"block{n}" for n in range(1, 8)), "head", "classifier"),
        initialisation=he_in_words("outputs", grouped=True),
        exact_params=4_383_312,
        exact_macs=314_415_872,
        counts_source="torchvision's mnasnet1_0, which has the same layers",
        published=published("mnasnet1_0"),
        departures=(
            "This is the variant B1, without squeeze-and-excitation; the paper's main network A1 "
            "has gates and other layers, for which the authors' release prints 3.9M parameters and "
            "312M multiply-adds where B1 has 4.383M and 314.4M.",
            "Batch normalisation adds 1e-5 to the variance, as the public weights need, where the "
            "authors' release adds 1e-3.",
            "Its averages move by 0.1 a batch while training, the usual value in torch, where the "
            "release moves them by 0.01.",
        ),
        weights=public_weights("mnasnet1_0"),
    ),
)
