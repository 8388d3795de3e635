"""AlexNet, which won ILSVRC 2012 (Krizhevsky, Sutskever, Hinton, NIPS 2012).

The idea: a deep convolutional network, large enough for 1000 classes, can be trained on two GPUs
when ReLU keeps the gradient, dropout stops the fully connected layers from learning by heart,
and each GPU holds half of the kernels. Figure 2, from Section 3.5:

    conv1  96 kernels 11×11, stride 4   227 -> 55   response norm, max pool 3×3 stride 2
    conv2 256 kernels 5×5, two groups    27 -> 27   response norm, max pool 3×3 stride 2
    conv3 384 kernels 3×3                13 -> 13
    conv4 384 kernels 3×3, two groups    13 -> 13
    conv5 256 kernels 3×3, two groups    13 -> 13   max pool 3×3 stride 2, to 6 × 6
    fc6, fc7 4096 units each, with dropout; fc8 1000 units

`AlexNet` is that network; `OneTower` is the ungrouped one of 2014 that torchvision calls alexnet.
"""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper


def named(**layers: nn.Module) -> nn.Sequential:
    """Chain `layers` one after the other, under their names."""
    return nn.Sequential(OrderedDict(layers))


def response_norm() -> nn.LocalResponseNorm:
    """Make Section 3.3's norm: k = 2, n = 5, alpha = 1e-4, beta = 0.75.

    The paper multiplies the sum of n squares by alpha; torch multiplies their mean, so it is
    given n * alpha.
    """
    return nn.LocalResponseNorm(size=5, alpha=5 * 1e-4, beta=0.75, k=2)


def normal_of_section_5(network: nn.Module) -> None:
    """Weights N(0, 0.01); biases 1 in conv2, conv4, conv5, fc6 and fc7, else 0 (Section 5)."""
    positive = ("conv2", "conv4", "conv5", "fc6", "fc7")
    for name, layer in network.named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear) and not layer.weight.is_meta:
            nn.init.normal_(layer.weight, std=0.01)
            if layer.bias is not None:
                nn.init.constant_(layer.bias, float(name.endswith(positive)))


class AlexNet(nn.Sequential):
    """The paper's network, for images (N, 3, 227, 227); it gives (N, num_classes).

    Args:
        num_classes: width of the output.
        dropout: probability for a unit of fc6 and fc7 to be left out while training.

    Raises:
        ValueError: if `dropout` is not in [0, 1).
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        require_below_one(dropout=dropout)
        super().__init__()
        self.stage1 = named(
            conv1=nn.Conv2d(3, 96, 11, stride=4),  # (N, 96, 55, 55)
            relu1=nn.ReLU(),
            norm1=response_norm(),
            pool1=nn.MaxPool2d(3, stride=2),  # (N, 96, 27, 27)
        )
        self.stage2 = named(
            conv2=nn.Conv2d(96, 256, 5, padding=2, groups=2),  # (N, 256, 27, 27)
            relu2=nn.ReLU(),
            norm2=response_norm(),
            pool2=nn.MaxPool2d(3, stride=2),  # (N, 256, 13, 13)
        )
        self.stage3 = named(
            conv3=nn.Conv2d(256, 384, 3, padding=1),  # (N, 384, 13, 13)
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(384, 384, 3, padding=1, groups=2),  # (N, 384, 13, 13)
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(384, 256, 3, padding=1, groups=2),  # (N, 256, 13, 13)
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(3, stride=2),  # (N, 256, 6, 6)
        )
        self.flatten = nn.Flatten()  # (N, 9216)
        self.classifier = named(
            fc6=nn.Linear(256 * 6 * 6, 4096),
            relu6=nn.ReLU(),
            drop6=nn.Dropout(dropout),
            fc7=nn.Linear(4096, 4096),
            relu7=nn.ReLU(),
            drop7=nn.Dropout(dropout),
            fc8=nn.Linear(4096, num_classes),
        )
        normal_of_section_5(self)
        limit_input_size(self, 227, 258)


class OneTower(nn.Sequential):
    """AlexNet for one GPU, for images (N, 3, H, W) of at least 63 pixels: (N, num_classes).

    No groups, no response norm, fewer kernels in conv1 to conv4; the 6 × 6 maps in front of the
    classifier are averages, so that any larger image does.

    Args:
        num_classes: width of the output.
        dropout: probability for an input of fc6 and fc7 to be left out while training.

    Raises:
        ValueError: if `dropout` is not in [0, 1).
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        require_below_one(dropout=dropout)
        super().__init__()
        self.stage1 = named(
            conv1=nn.Conv2d(3, 64, 11, stride=4, padding=2),  # (N, 64, 55, 55) from 224 pixels
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(3, stride=2),  # (N, 64, 27, 27)
        )
        self.stage2 = named(
            conv2=nn.Conv2d(64, 192, 5, padding=2),  # (N, 192, 27, 27)
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(3, stride=2),  # (N, 192, 13, 13)
        )
        self.stage3 = named(
            conv3=nn.Conv2d(192, 384, 3, padding=1),  # (N, 384, 13, 13)
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(384, 256, 3, padding=1),  # (N, 256, 13, 13)
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(256, 256, 3, padding=1),  # (N, 256, 13, 13)
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(3, stride=2),  # (N, 256, 6, 6)
        )
        self.average = nn.AdaptiveAvgPool2d(6)
        self.flatten = nn.Flatten()  # (N, 9216)
        self.classifier = named(
            drop6=nn.Dropout(dropout),
            fc6=nn.Linear(256 * 6 * 6, 4096),
            relu6=nn.ReLU(),
            drop7=nn.Dropout(dropout),
            fc7=nn.Linear(4096, 4096),
            relu7=nn.ReLU(),
            fc8=nn.Linear(4096, num_classes),
        )
        normal_of_section_5(self)
        limit_input_size(self, 63)


SPECS = (
    ModelSpec(
        key="alexnet",
        family="alexnet",
        display_name="AlexNet",
        build=AlexNet,
        input_shape=(3, 227, 227),
        num_classes=1000,
        paper=Paper(
            title="ImageNet Classification with Deep Convolutional Neural Networks",
            authors="Alex Krizhevsky, Ilya Sutskever, Geoffrey E. Hinton",
            year=2012,
            venue="NIPS 2012",
        ),
        idea="ReLU, dropout and two GPUs make a deep network for 1000 classes trainable.",
        stages=("stage1", "stage2", "stage3", "classifier"),
        initialisation="normal, standard deviation 0.01; biases 1 in conv2, conv4, conv5, fc6 and "
        "fc7, else 0 (Section 5 of the paper of 2012)",
        exact_params=60_965_224,
        exact_macs=724_406_816,
        counts_source=(
            "layer-by-layer arithmetic from Section 3.5, and the 60 million parameters that the "
            "paper states"
        ),
        published=published("alexnet"),
        departures=(
            "The input is 227 × 227; the paper prints 224, from which an 11×11 convolution with "
            "stride 4 and no padding cannot make the paper's 55 × 55 maps.",
            "Both halves run on one device, as grouped convolutions; the response norm therefore "
            "also sums across the border between the two halves.",
        ),
        weights=public_weights("alexnet"),
        public_version="alexnet_owt",
    ),
    ModelSpec(
        key="alexnet_owt",
        family="alexnet",
        display_name="AlexNet (one tower)",
        build=OneTower,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=Paper(
            title="One weird trick for parallelizing convolutional neural networks",
            authors="Alex Krizhevsky",
            year=2014,
            venue="arXiv 2014",
            arxiv="1404.5997",
        ),
        idea="AlexNet in one piece: no groups and no response norm, for one GPU.",
        stages=("stage1", "stage2", "stage3", "classifier"),
        initialisation="normal, standard deviation 0.01; biases 1 in conv2, conv4, conv5, fc6 and "
        "fc7, else 0 (Section 5 of the paper of 2012)",
        exact_params=61_100_840,
        exact_macs=714_188_480,
        counts_source="torchvision's alexnet, which has the same layers",
        published=published("alexnet_owt"),
        departures=(
            "The layers are those of torchvision's alexnet: 64, 192, 384, 256 and 256 kernels, no "
            "response norm, and dropout before fc6 and fc7 instead of after them.",
            "Average pooling to 6 × 6 comes before the classifier; it changes nothing for images "
            "of 224 × 224.",
        ),
        weights=public_weights("alexnet_owt"),
    ),
)
