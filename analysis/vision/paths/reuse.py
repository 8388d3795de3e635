"""Which earlier layers a densely connected layer reads: DenseNet's reuse map.

Huang, Liu, van der Maaten, Weinberger, CVPR 2017, Figure 5: for each layer of a dense block, and
for the transition or classifier behind it, the mean absolute weight of the connections from each
earlier layer (the L1 norm over the number of its maps). The connections are found from the traced
graph: layers that read ever longer concatenations of the same maps.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from analysis.amounts import counted, percent
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision.probe import Shared, probe

_SHORTEST = 3  # readers of a dense block, with what follows it; two could be any pair of branches
# What changes no channel's place on the way from a concatenation to the layer that reads it.
_IN_PLACE = {
    "average pooling",
    "batch norm",
    "dropout",
    "global average pooling",
    "identity",
    "max pooling",
    "ReLU",
}
_FLATTENS = {"flatten", "reshape"}

PROTOCOL = (
    "Each square is the mean absolute weight (the L1 norm over the number of maps) with which the "
    "reader takes the maps of the source, over the largest of that reader: yellow is what it reads "
    "most, violet what it reads least; each block has its own scale. Point at a square for the "
    "weight itself. As in Huang et al. (2017), Figure 5: the convolutions' weights alone, without "
    "batch normalisation."
)
SHORT = (
    "A training of a few epochs leaves the weights near the values that were drawn, so the "
    "contrasts are smaller than the paper's, which come from 300 epochs."
)
UNTRAINED = (
    "These weights are random, so every source is read about as much: what you see is how the "
    "weights were drawn, not what the network has learned."
)

Source = tuple[str, int]
"""An operation whose maps are read, and how many they are."""


@dataclass(frozen=True)
class DenseBlock:
    """Readers in order, each an operation with weights; the last one mostly follows the block.

    `sources` are what the last reads: the input of the block, then the maps of each layer. Reader
    i reads the first i + 1 of them.
    """

    sources: tuple[Source, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ReuseMap:
    """`weights` (sources, readers): the mean absolute weight, NaN where nothing is read.

    `readers` are the layers of the block by number, and last what follows the block: "transition"
    or "classifier" (in NAS one more layer). Source 0 is the input of the block, source s the maps
    of layer s.
    """

    weights: np.ndarray
    readers: tuple[str, ...]

    @property
    def relative(self) -> np.ndarray:
        """Each reader's weights over its largest, so that columns can be compared."""
        return self.weights / np.nanmax(self.weights, axis=0)


def dense_blocks(graph: Graph) -> tuple[DenseBlock, ...]:
    """The dense blocks of a network, in order; empty where there are none.

    Every layer that reads the first maps of a block must read all maps so far, and no others.
    """
    reading: dict[str, list[tuple[str, tuple[Source, ...]]]] = {}
    for op in graph.operations:
        if _has_weights(op) and (sources := _flat(graph, op.inputs[0])):
            reading.setdefault(sources[0][0], []).append((op.name, sources))
    return tuple(
        DenseBlock(chain[-1][1], tuple(name for name, _ in chain))
        for chain in reading.values()
        if len(chain) >= _SHORTEST and _grows(chain)
    )


def _grows(chain: list[tuple[str, tuple[Source, ...]]]) -> bool:
    """Whether each reader has what the one before it read, and one more."""
    read = [(), *(sources for _, sources in chain)]
    return all(now[:-1] == before for before, now in itertools.pairwise(read))


def _has_weights(op: Operation) -> bool:
    return op.kind in ("convolution", "linear") and op.groups == 1 and len(op.inputs) == 1


def _flat(graph: Graph, name: str) -> tuple[Source, ...]:
    """What lies side by side in a map, in the order of its channels.

    Concatenations are taken apart, also nested ones. Empty where the places have been changed.
    """
    if name == "input":
        return ((name, graph.input_shape[0]),)
    op = graph.operation(name)
    if op.kind == "concatenation":
        parts = [_flat(graph, part) for part in op.inputs]
        return tuple(source for part in parts for source in part) if all(parts) else ()
    if op.kind in _FLATTENS and any(side != 1 for side in op.input_shapes[0][1:]):
        return ()
    if op.kind in _IN_PLACE | _FLATTENS and len(op.inputs) == 1:
        return _flat(graph, op.inputs[0])
    return ((name, op.output_shape[0]),)


def reuse_maps(model: nn.Module | Shared, blocks: Sequence[DenseBlock]) -> tuple[ReuseMap, ...]:
    """The map of each block, from the weights that the network has now.

    Raises:
        ValueError: if a reader's weights do not fit the maps that the block says it reads.
    """
    with probe(model) as network:
        return tuple(_map(network, block) for block in blocks)


def _map(network: nn.Module, block: DenseBlock) -> ReuseMap:
    number = len(block.sources)
    weights = np.full((number, len(block.readers)), np.nan)
    for column, reader in enumerate(block.readers):
        layer = network.get_submodule(reader)
        read = block.sources[: column + 1]
        weights[: len(read), column] = _mean_weights(layer, [maps for _, maps in read])
    layers = (str(number) for number in range(1, len(block.readers)))
    return ReuseMap(weights, (*layers, _last(network, block)))


def _last(network: nn.Module, block: DenseBlock) -> str:
    """What the last reader is: what follows the block, or a layer as wide as those before it."""
    layer = network.get_submodule(block.readers[-1])
    if isinstance(layer, nn.Linear):
        return "classifier"
    width = layer.weight.shape[0] if isinstance(layer.weight, torch.Tensor) else None
    return str(len(block.readers)) if width == block.sources[-1][1] else "transition"


@torch.no_grad()
def _mean_weights(layer: nn.Module, maps: Sequence[int]) -> list[float]:
    """Mean absolute weight (out, in, ...) over each group of input maps."""
    weight = layer.weight
    if not isinstance(weight, torch.Tensor) or weight.shape[1] != sum(maps):
        raise ValueError(f"A layer that reads {sum(maps)} maps has other weights than that.")
    return [float(part.abs().mean()) for part in weight.split(list(maps), dim=1)]


def notice(number: int, found: ReuseMap) -> str:
    """What the readers of a block read most and least, in sentences that quote the map."""
    shares = found.relative
    later = range(1, shares.shape[1])  # the first layer has one source only
    least = sum(int(np.nanargmin(shares[:, column])) == 0 for column in later)
    by_chance = sum(1 / (column + 1) for column in later)
    strongest = int(np.nanargmax(shares[:, -1]))
    return (
        f"**Block {number}:** the weakest connection inside the block has "
        f"{percent(np.nanmin(shares[:, :-1]))} of its reader's largest weight. {least} of "
        f"{counted(len(later), 'reader')} read the block's input least of all; by chance it would "
        f"be {by_chance:.0f}. {_reader(found.readers[-1])} reads {_source(strongest)} most, and "
        f"the block's input with {percent(shares[0, -1])} of that."
    )


def _reader(name: str) -> str:
    return f"Layer {name}" if name.isdigit() else f"The {name}"


def _source(number: int) -> str:
    return f"layer {number}" if number else "the block's input"
