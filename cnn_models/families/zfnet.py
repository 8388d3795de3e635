"""ZFNet: Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014).

The idea: pictures of what each layer of AlexNet answers to show first kernels without the middle
frequencies, and a second layer full of aliasing from the stride of 4. So the first layer gets 7×7
kernels with stride 2, which leave maps twice as fine. Figure 3 of the paper:

    conv1  96 kernels 7×7, stride 2   224 -> 110   max pool 3×3 stride 2, to 55; contrast norm
    conv2 256 kernels 5×5, stride 2    55 -> 26    max pool 3×3 stride 2, to 13; contrast norm
    conv3 384 kernels 3×3              13 -> 13
    conv4 384 kernels 3×3              13 -> 13
    conv5 256 kernels 3×3              13 -> 13    max pool 3×3 stride 2, to 6
    fc6, fc7 4096 units each, with dropout; fc8 1000 units

The wide variant, which the lectures draw, has 512, 1024 and 512 kernels in conv3 to conv5.
"""

from __future__ import annotations

from functools import partial

from torch import nn

from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.families.alexnet import named, response_norm
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper

# Kernels of conv3, conv4 and conv5: Figure 3, and variant (b) of Table 2.
FIGURE_3 = (384, 384, 256)
VARIANT_B = (512, 1024, 512)


class ZFNet(nn.Sequential):
    """The network of Figure 3, for images (N, 3, 224, 224); it gives (N, num_classes).

    Args:
        num_classes: width of the output.
        filters: kernels of conv3, conv4 and conv5, each at least 1.
        dropout: probability for a unit of fc6 and fc7 to be left out while training.

    Raises:
        ValueError: if `filters` are not three positive numbers, or `dropout` is not in [0, 1).
    """

    def __init__(
        self,
        num_classes: int = 1000,
        filters: tuple[int, ...] = FIGURE_3,
        dropout: float = 0.5,
    ) -> None:
        if len(filters) != 3 or min(filters) < 1:
            raise ValueError(f"filters is {filters}; conv3, conv4 and conv5 take at least 1 each.")
        require_below_one(dropout=dropout)
        super().__init__()
        three, four, five = filters
        self.stage1 = named(
            conv1=nn.Conv2d(3, 96, 7, stride=2, padding=1),  # (N, 96, 110, 110)
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # (N, 96, 55, 55)
            norm1=response_norm(),
        )
        self.stage2 = named(
            conv2=nn.Conv2d(96, 256, 5, stride=2),  # (N, 256, 26, 26)
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(3, stride=2, ceil_mode=True),  # (N, 256, 13, 13)
            norm2=response_norm(),
        )
        self.stage3 = named(
            conv3=nn.Conv2d(256, three, 3, padding=1),  # (N, 384, 13, 13)
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(three, four, 3, padding=1),  # (N, 384, 13, 13)
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(four, five, 3, padding=1),  # (N, 256, 13, 13)
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(3, stride=2),  # (N, 256, 6, 6)
        )
        self.flatten = nn.Flatten()  # (N, 9216)
        self.classifier = named(
            fc6=nn.Linear(five * 6 * 6, 4096),
            relu6=nn.ReLU(),
            drop6=nn.Dropout(dropout),
            fc7=nn.Linear(4096, 4096),
            relu7=nn.ReLU(),
            drop7=nn.Dropout(dropout),
            fc8=nn.Linear(4096, num_classes),
        )
        self._initialise()
        limit_input_size(self, 223, 254)

    def _initialise(self) -> None:
        """Weights N(0, 0.01), biases 0 (Section 3)."""
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear) and not layer.weight.is_meta:
                nn.init.normal_(layer.weight, std=0.01)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)


_PAPER = Paper(
    title="Visualizing and Understanding Convolutional Networks",
    authors="Matthew D. Zeiler, Rob Fergus",
    year=2013,
    venue="ECCV 2014",
    arxiv="1311.2901",
)

_DEPARTURES = (
    "Figure 3 does not say how its maps are padded; one pixel around conv1, and poolings that keep "
    "a last window that is cut off, give its 110, 55, 26, 13 and 6.",
    "The contrast norm is AlexNet's response norm (k = 2, n = 5, alpha = 10⁻⁴, beta = 0.75); the "
    "paper gives no constants.",
    "The paper starts all weights at 10⁻², which is taken as their standard deviation.",
)


def _spec(
    key: str, name: str, filters: tuple[int, ...], params: int, macs: int, idea: str
) -> ModelSpec:
    return ModelSpec(
        key=key,
        family="alexnet",
        display_name=name,
        build=partial(ZFNet, filters=filters),
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=_PAPER,
        idea=idea,
        stages=("stage1", "stage2", "stage3", "classifier"),
        initialisation="normal, standard deviation 0.01; biases 0 (Section 3)",
        exact_params=params,
        exact_macs=macs,
        counts_source="layer-by-layer arithmetic from Figure 3 (the paper prints no counts)",
        published=published(key),
        departures=_DEPARTURES,
    )


# fmt: off
SPECS = (
    _spec("zfnet", "ZFNet", FIGURE_3, 62_357_608, 1_168_032_896,
          "AlexNet with 7×7 kernels and stride 2 in front, after a look at what its layers see."),
    _spec("zfnet_wide", "ZFNet (wide)", VARIANT_B, 107_627_624, 2_476_704_896,
          "ZFNet with 512, 1024 and 512 kernels in conv3 to conv5 instead of 384, 384 and 256."),
)
