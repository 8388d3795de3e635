"""FractalNet: very deep without residuals (Larsson, Maire, Shakhnarovich, ICLR 2017).

The idea: a block is a fractal. f₁ is one convolution, and f_(C+1) is two f_C in a row beside one
more convolution, so that C columns of 1, 2, 4 … 2^(C-1) convolutions run from the input of a block
to its output. They meet in joins, which take the mean (Figure 1, here with C = 3):

    column 1   ──────────── conv ────────────┐
    column 2   ──── conv ────┬──── conv ─────┤      Behind each convolution come batch norm and
    column 3   ─ conv ─ conv ┴ ─ conv ─ conv ┴─     ReLU, behind each block 2×2 max pooling.

Training drops paths (Section 3). Local: every join drops each input with a probability, but never
all of them. Global: one column is alone in the whole network. So each column learns to predict
without the others, and any of them can be used alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial, reduce
from operator import add
from typing import Any

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import fan_in_uniform
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_at_least_one, require_below_one
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper

# Filters of the blocks in Section 4: for CIFAR, for the deepest networks, for ImageNet.
FILTERS = (64, 128, 256, 512, 512)
NARROW = (16, 32, 64, 128, 128)
IMAGENET = (128, 256, 512, 1024)


def conv(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    """Make a node of the fractal: (N, inputs, H, W) to (N, outputs, H, W)."""
    layers = OrderedDict[str, nn.Module](conv=nn.Conv2d(inputs, outputs, 3, padding=1))
    if dropout:
        layers["drop"] = nn.Dropout(dropout)
    layers |= {"bn": nn.BatchNorm2d(outputs), "relu": nn.ReLU()}
    return nn.Sequential(layers)


def join(paths: Sequence[Tensor], drop: float) -> Tensor:
    """Mean of the paths, of one shape; each is left out with probability `drop`, but never all."""
    if drop and len(paths) > 1:
        draws = torch.rand(len(paths), device="cpu").tolist()
        kept = [path for path, draw in zip(paths, draws, strict=True) if draw >= drop]
        paths = kept or [paths[int(torch.randint(len(paths), (), device="cpu"))]]
    return paths[0] if len(paths) == 1 else reduce(add, paths) / len(paths)


class FractalBlock(nn.Module):
    """f_C and its pooling: (N, inputs, H, W) to (N, outputs, H/2, W/2), or H and W without."""

    def __init__(
        self, inputs: int, outputs: int, columns: int, dropout: float, pool: bool = True
    ) -> None:
        super().__init__()
        self.columns = nn.ModuleList(
            nn.Sequential(
                conv(inputs, outputs, dropout),
                *(conv(outputs, outputs, dropout) for _ in range(2**column - 1)),
            )
            for column in range(columns)
        )
        self.pools = nn.ModuleList(nn.MaxPool2d(2) for _ in range(columns * pool))

    def forward(self, x: Tensor, column: int | None = None, drop: float = 0.0) -> Tensor:
        """All columns, whose joins drop inputs with probability `drop`, or `column` alone."""
        if column is not None:
            x = self.columns[column - 1](x)
            return self.pools[column - 1](x) if self.pools else x
        steps = 2 ** (len(self.columns) - 1)  # convolutions of the deepest column
        convs = [iter(column.children()) for column in self.columns]
        at = [x] * len(convs)  # what the next convolution of each column reads
        for step in range(1, steps + 1):
            met = [i for i in range(len(convs)) if step % (steps >> i) == 0]
            paths = [next(convs[i])(at[i]) for i in met]
            if step == steps and self.pools:
                paths = [pool(path) for pool, path in zip(self.pools, paths, strict=True)]
            x = join(paths, drop)
            for i in met:
                at[i] = x
        return x


class FractalNet(nn.Module):
    """Fractal blocks and a linear layer: (N, 3, H, W) to (N, num_classes).

    Images have at least 2^B pixels a side with B blocks, 4 · 2^(B-1) - 3 with ResNet's ends.

    Args:
        num_classes: width of the output.
        columns: C of each block, at least 1; its deepest column has 2^(C-1) convolutions.
        filters: width of each block, at least 1; as many blocks as numbers.
        dropout: probability in the last block for a convolution's value to be left out while
            training; it grows from 0 in the first block in equal steps.
        drop_path: probability for a join to drop an input, in [0, 1).
        global_share: share of the mini-batches that train one column alone, in [0, 1].
        column: which column predicts alone, 1 to C; None for all of them.
        resnet_ends: begin with the first layers of ResNet-34 and end with its global average, as
            for ImageNet; the last block then has no pooling.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 10,
        columns: int = 3,
        filters: tuple[int, ...] = FILTERS,
        dropout: float = 0.4,
        drop_path: float = 0.15,
        global_share: float = 0.5,
        column: int | None = None,
        resnet_ends: bool = False,
    ) -> None:
        _check(columns, filters, dropout, drop_path, global_share)
        super().__init__()
        self.columns, self.drop_path, self.global_share = columns, drop_path, global_share
        self.use_column(column)
        self.stem = _resnet_stem() if resnet_ends else None  # (N, 64, 56, 56) from 224 pixels
        inputs, last = (64 if resnet_ends else 3), len(filters)
        self.blocks = nn.ModuleDict()
        for number, outputs in enumerate(filters, start=1):
            growing = dropout * (number - 1) / max(1, last - 1)
            pool = number < last or not resnet_ends
            block = FractalBlock(inputs, outputs, columns, growing, pool)
            self.blocks[f"block{number}"] = block
            inputs = outputs
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inputs, num_classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                fan_in_uniform(layer)
        limit_input_size(self, 4 * 2 ** (last - 1) - 3 if resnet_ends else 2**last)

    def use_column(self, number: int | None) -> None:
        """Let column `number` (1 is the shallowest) predict alone; None brings all back.

        Raises:
            ValueError: if there is no such column.
        """
        if number is not None and not 1 <= number <= self.columns:
            raise ValueError(f"column is {number}; it is 1 to {self.columns}, or None for all.")
        self.column = number

    def draw_paths(self) -> tuple[int | None, float]:
        """Draw what a mini-batch trains: a column, or all of them with joins that drop inputs."""
        share, which = torch.rand(2, device="cpu").tolist()
        if share < self.global_share:
            return 1 + int(which * self.columns), 0.0
        return None, self.drop_path

    def forward(self, x: Tensor) -> Tensor:
        column, drop = self.column, 0.0
        if self.training and column is None:
            column, drop = self.draw_paths()
        if self.stem is not None:
            x = self.stem(x)
        for block in self.blocks.values():
            x = block(x, column, drop)
        return self.fc(self.average(x).flatten(1))


def _resnet_stem() -> nn.Sequential:
    layers = OrderedDict[str, nn.Module](
        conv=nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
        bn=nn.BatchNorm2d(64),
        relu=nn.ReLU(),
        pool=nn.MaxPool2d(3, stride=2, padding=1),
    )
    return nn.Sequential(layers)


def _check(
    columns: int, filters: tuple[int, ...], dropout: float, drop_path: float, global_share: float
) -> None:
    require_at_least_one(columns=columns)
    require_below_one(dropout=dropout, drop_path=drop_path)
    if not filters or min(filters) < 1:
        raise ValueError(f"filters is {filters}; there is at least 1 block of at least 1 filter.")
    if not 0 <= global_share <= 1:
        raise ValueError(f"global_share is {global_share}; it is 0 to 1.")


_PAPER = Paper(
    title="FractalNet: Ultra-Deep Neural Networks without Residuals",
    authors="Gustav Larsson, Michael Maire, Gregory Shakhnarovich",
    year=2016,
    venue="ICLR 2017",
    arxiv="1605.07648",
)

_ALL = (
    "Each column is pooled before the last join of a block, as the authors' code has it and their "
    "implementation details say; Figure 1 shows the join first.",
    "Batch norm learns a scale and a shift behind convolutions with biases; the authors' Caffe "
    "code has the biases only.",
)
_CIFAR = (
    "Dropout stands between a convolution and its batch norm, as in the authors' code; the paper "
    "gives the probabilities, 0 to 40% from the first block to the last, and not the place.",
    "A global average in front of the linear layer lets in larger images; it changes nothing for "
    "images of 32 × 32.",
)
_38_6 = (
    "Table 1 prints 38.6M parameters; its filters, 64, 128, 256, 512 and 512 with C = 3, have "
    "33,734,922, and 33,724,618 without the biases of the convolutions.",
    "The 38.6M would be 38,621,376 weights of convolutions if 1×1 convolutions changed the width "
    "in front of the first four blocks; the paper mentions none.",
)
_IMAGENET = (
    "The counts could not be checked against anything printed: the middle of ResNet-34 makes way "
    "for 4 blocks with C = 4 and 128, 256, 512 and 1024 filters, and 162.9M of the parameters are "
    "weights of their 60 convolutions.",
    "ResNet-34's max pooling is taken to be part of its first layer, so that the blocks work at "
    "56, 28, 14 and 7 pixels a side; without it, and with a pooling behind the last block, there "
    "are as many parameters but 96.3 × 10⁹ multiply-adds instead of 24.2 × 10⁹.",
    "There is no dropout, since the paper gives probabilities for 5 blocks; drop-path is CIFAR's.",
)


def _spec(
    key: str, name: str, classes: int, counts: tuple[int, int], *departures: str, **options: Any
) -> ModelSpec:
    ends = ("stem",) if "resnet_ends" in options else ()
    blocks = (f"blocks.block{number}" for number, _ in enumerate(options["filters"], start=1))
    return ModelSpec(
        key=key,
        family="fractalnet",
        display_name=name,
        build=partial(FractalNet, **options),
        input_shape=(3, 224, 224) if ends else (3, 32, 32),
        num_classes=classes,
        paper=_PAPER,
        idea=_IDEAS[options["columns"] > 1],
        stages=(*ends, *blocks, "fc"),
        initialisation="Xavier's rule of Caffe, uniform, variance 1 / inputs (Section 4); biases 0",
        exact_params=counts[0],
        exact_macs=counts[1],
        counts_source="layer-by-layer arithmetic from the filters of Section 4",
        published=published(key),
        departures=(*departures, *_ALL),
    )


_IDEAS = {
    True: "Short and long paths side by side, any of which predicts alone, in place of residuals.",
    False: "One column alone: the plain network that every FractalNet contains.",
}


def _narrow(columns: int, params: int, macs: int) -> ModelSpec:
    """One of the ultra-deep networks, 5 · 2^(columns - 1) convolutions deep, for CIFAR-100."""
    key, depth = f"fractalnet_c{columns}_cifar", 5 * 2 ** (columns - 1)
    name = f"FractalNet-{depth} (narrow, C = {columns}, CIFAR-100)"
    return _spec(key, name, 100, (params, macs), *_CIFAR, columns=columns, filters=NARROW)


# fmt: off
SPECS = (
    _spec("fractalnet20_cifar", "FractalNet-20 (CIFAR-10)", 10, (33_734_922, 845_222_912),
          *_38_6, *_CIFAR, columns=3, filters=FILTERS),
    _narrow(1, 258_660, 4_583_936),
    _narrow(2, 848_820, 19_182_080),
    _narrow(3, 2_127_780, 53_834_240),
    _narrow(4, 4_784_340, 128_594_432),
    _narrow(5, 10_196_100, 283_570_688),
    _narrow(6, 21_118_260, 598_979_072),
    _spec("fractalnet34", "FractalNet-34", 1000, (164_059_816, 24_164_982_784),
          *_IMAGENET, columns=4, filters=IMAGENET, dropout=0.0, resnet_ends=True),
)
