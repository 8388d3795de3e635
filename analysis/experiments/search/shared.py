"""Shared weights: one network that holds those of all children (ENAS, Pham et al., ICML 2018).

Each layer has weights for most filters and most inputs, once for each kernel; a child uses the part
that it needs, so that all children learn whenever one does and none has to start anew. Scale and
shift of batch norm are not shared between layers that were decided in another way.
"""

from __future__ import annotations

from itertools import pairwise, product

import torch
from torch import Tensor, nn
from torch.nn import functional

from analysis.experiments.data import Split
from cnn_models.blocks.initialise import he_normal
from cnn_models.families.searched import (
    CHANNELS,
    CLASSES,
    DECISIONS,
    LAYERS,
    Layer,
    layers_of,
)

_OPTIONS = {decision.what: decision.options for decision in DECISIONS}
MOST, KERNELS = max(_OPTIONS["filters"]), _OPTIONS["kernel"]


def _named(layer: Layer) -> str:
    return "_".join(map(str, layer))


class SharedLayer(nn.Module):
    """Weights of a layer for every choice: most filters, all that it may read, each kernel.

    `last` and `before` are the most channels of the layer before and of what a skip adds.
    """

    def __init__(self, last: int, before: int) -> None:
        super().__init__()
        self.last = last
        self.convs = nn.ModuleDict(
            {f"{kernel}": nn.Conv2d(last + before, MOST, kernel, bias=False) for kernel in KERNELS}
        )
        self.norms = nn.ModuleDict(
            {
                _named(Layer(*values)): nn.BatchNorm2d(values[0], track_running_stats=False)
                for values in product(*_OPTIONS.values())
            }
        )

    def part(self, layer: Layer, last: int, before: int) -> tuple[Tensor, Tensor, Tensor]:
        """What a child uses: kernels (filters, last + before, k, k), then scale and shift."""
        norm = self.norms[_named(layer)]
        weight = self.convs[f"{layer.kernel}"].get_parameter("weight")[: layer.filters]
        if layer.skip:
            weight = torch.cat((weight[:, :last], weight[:, self.last : self.last + before]), dim=1)
        else:
            weight = weight[:, :last]
        return weight, norm.get_parameter("weight"), norm.get_parameter("bias")


class Shared(nn.Module):
    """All children at once: images (N, 3, H, W) and the number of a child to its logits (N, 10).

    Batch norm always takes mean and variance of the batch, since children do not share those.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            most = (0, CHANNELS, *(MOST,) * LAYERS)
            self._each = [SharedLayer(last, before) for before, last in pairwise(most[:-1])]
            self.layers = nn.ModuleList(self._each)
            self.fc = nn.Linear(MOST, CLASSES)
            he_normal(self)

    def forward(self, x: Tensor, number: int) -> Tensor:
        before, halved = x[:, :0], 1
        for own, layer in zip(self._each, layers_of(number), strict=True):
            given = x
            if layer.skip:
                smaller = functional.avg_pool2d(before, halved, ceil_mode=True)
                x = torch.cat((x, smaller), dim=1)
            weight, scale, shift = own.part(layer, given.shape[1], before.shape[1])
            x = functional.conv2d(x, weight, stride=layer.stride, padding=layer.kernel // 2)
            x = functional.batch_norm(x, None, None, scale, shift, training=True).relu()
            before, halved = given, layer.stride
        return functional.linear(x.mean((2, 3)), self.fc.weight[:, : x.shape[1]], self.fc.bias)

    @torch.no_grad()
    def accuracy(self, number: int, split: Split) -> float:
        """Share of the images that a child with these weights gets right, 0..1."""
        return float((self(split.images, number).argmax(1) == split.labels).float().mean())
