"""ConvNeXt (Liu, Mao, Wu, Feichtenhofer, Darrell, Xie, CVPR 2022).

The idea: change a ResNet-50 step by step into what a vision transformer looks like, and keep what
helps, without any attention. A block is a depthwise 7×7, a layer norm, and two 1×1 convolutions
with four times the channels and one GELU in between (Figure 4); ResNet's order of narrow and wide
is turned round. A stem of 4×4 patches and 2×2 convolutions between the stages do all the striding.

The layer norm runs over the channels of each pixel, so channels go last for it, and the two 1×1
convolutions are linear layers over the same axis, as in the authors' code: the same arithmetic.
Layer scale multiplies each branch by a learnt number a channel, 1e-6 at the start.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn

from cnn_models.blocks.drop_branch import DropBranch
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_over_zero, require_survival
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Blocks and channels of each stage of ConvNeXt-T (Section 3, Table 9).
TINY = ((3, 96), (3, 192), (9, 384), (3, 768))


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each pixel: (N, channels, H, W) to the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    """Figure 4, right: (N, channels, H, W) to the same shape."""

    def __init__(self, channels: int, survival: float, layer_scale: float) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.widen = nn.Linear(channels, 4 * channels)
        self.gelu = nn.GELU()
        self.narrow = nn.Linear(4 * channels, channels)
        self.layer_scale = nn.Parameter(torch.full((channels, 1, 1), float(layer_scale)))
        self.drop = DropBranch(survival)

    def forward(self, x: Tensor) -> Tensor:
        y = self.depthwise(x).permute(0, 2, 3, 1)  # (N, H, W, channels)
        y = self.narrow(self.gelu(self.widen(self.norm(y))))
        y = self.layer_scale * y.permute(0, 3, 1, 2)  # (N, channels, H, W)
        return x + self.drop(y)


class ConvNeXt(nn.Sequential):
    """ConvNeXt for images (N, 3, H, W) of at least 32 pixels: (N, num_classes).

    Args:
        num_classes: width of the output.
        stages: (blocks, channels) of each stage, at least 1 of each.
        survival: over 0 and up to 1; while training, an image keeps the branch of block i of n,
            counted from 0, with probability 1 - (1 - survival) · i / (n - 1).
        layer_scale: what each channel of a branch is multiplied by at the start, over 0.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        stages: tuple[tuple[int, int], ...] = TINY,
        survival: float = 0.9,
        layer_scale: float = 1e-6,
    ) -> None:
        _check(stages, survival, layer_scale)
        super().__init__()
        last = max(1, sum(blocks for blocks, _ in stages) - 1)
        channels, done = stages[0][1], 0
        self.stem = _stem(channels)  # 56 × 56
        for number, (blocks, width) in enumerate(stages, start=1):
            if number > 1:
                self.add_module(f"down{number}", _halving(channels, width))  # 28, 14, 7 pixels
            stage = nn.Sequential()
            for _ in range(blocks):
                kept = 1 - (1 - survival) * done / last
                stage.append(ConvNeXtBlock(width, kept, layer_scale))
                done += 1
            self.add_module(f"stage{number}", stage)
            channels = width
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.classifier = nn.Linear(channels, num_classes)
        _initialise(self)
        limit_input_size(self, smallest=4 * 2 ** (len(stages) - 1))


def _stem(width: int) -> nn.Sequential:
    """Patches of 4×4 pixels: (N, 3, H, W) to (N, width, ⌊H/4⌋, ⌊W/4⌋)."""
    conv = nn.Conv2d(3, width, 4, stride=4)
    return nn.Sequential(OrderedDict(conv=conv, norm=ChannelNorm(width)))


def _halving(inputs: int, outputs: int) -> nn.Sequential:
    """(N, inputs, H, W) to (N, outputs, ⌊H/2⌋, ⌊W/2⌋), with the norm that keeps training stable."""
    conv = nn.Conv2d(inputs, outputs, 2, stride=2)
    return nn.Sequential(OrderedDict(norm=ChannelNorm(inputs), conv=conv))


def _initialise(network: nn.Module) -> None:
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear) and not module.weight.is_meta:
            nn.init.trunc_normal_(module.weight, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def _check(stages: tuple[tuple[int, int], ...], survival: float, layer_scale: float) -> None:
    require_survival(survival)
    if not stages or any(len(stage) != 2 or min(stage) < 1 for stage in stages):
        raise ValueError(f"stages is {stages}; each has at least 1 block and 1 channel.")
    require_over_zero(layer_scale=layer_scale)


SPECS = (
    ModelSpec(
        key="convnext_tiny",
        family="after_2017",
        display_name="ConvNeXt-T",
        build=ConvNeXt,
        input_shape=(3, 224, 224),
        num_classes=1000,
        paper=Paper(
            title="A ConvNet for the 2020s",
            authors=(
                "Zhuang Liu, Hanzi Mao, Chao-Yuan Wu, Christoph Feichtenhofer, Trevor Darrell, "
                "Saining Xie"
            ),
            year=2022,
            venue="CVPR 2022",
            arxiv="2201.03545",
        ),
        idea="A ResNet rebuilt step by step in the manner of vision transformers, with large "
        "depthwise kernels and without attention.",
        stages=("stem", "stage1", "stage2", "stage3", "stage4", "classifier"),
        initialisation="Normal, standard deviation 0.02, zero biases, layer scale 1e-6, as in the "
        "authors' code",
        exact_params=28_589_128,
        exact_macs=4_455_531_264,
        counts_source="torchvision's network of the same name, which has the same layers",
        published=published("convnext_tiny"),
        departures=(
            "The authors' release prints 28M parameters in one table and 29M in another, and 4.5G "
            "FLOPs, which are multiply-adds; the layers have 28.589M and 4.456G.",
            "The 1×1 convolutions of Figure 4 are linear layers over the channels, as in the "
            "authors' code, with as many parameters and multiply-adds.",
        ),
        weights=public_weights("convnext_tiny"),
    ),
)
