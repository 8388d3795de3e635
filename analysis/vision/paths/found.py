"""Which kinds of paths a network has, found from the network itself."""

from __future__ import annotations

from dataclasses import dataclass

import torch

import cnn_models
from analysis.structure.graph import Graph
from analysis.vision.paths.blocks import Blocks, blocks_of
from analysis.vision.paths.columns import columns_of
from analysis.vision.paths.heads import has_heads
from analysis.vision.paths.reuse import DenseBlock, dense_blocks

# Kinds of paths: what a network needs for each, and a small network that has it.
NEEDS = {
    "blocks": "Blocks can be switched off where a shortcut or an equal shape lets the rest work.",
    "reuse": "A reuse map needs layers that read all maps before them, as DenseNet's do.",
    "columns": "Columns that predict alone are FractalNet's.",
    "heads": "Early heads are GoogLeNet's: classifiers on the way, there to help the training.",
}
EXAMPLES = {
    "blocks": ("cifar_resnet20", "cifar_plain20"),
    "reuse": ("cifar_densenet40_k12",),
    "columns": ("fractalnet_c2_cifar",),
    "heads": ("googlenet", "inception_v3"),
}


@dataclass(frozen=True)
class Paths:
    """The blocks that can be switched off, dense blocks, columns, and whether there are heads."""

    blocks: Blocks
    dense: tuple[DenseBlock, ...]
    columns: tuple[int, ...]
    heads: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """The keys of NEEDS that the network has.

        A dense or a fractal network counts as that; its few single layers that happen to keep
        their shape are no blocks.
        """
        has = {
            "blocks": bool(self.blocks.removable and not self.dense and not self.columns),
            "reuse": bool(self.dense),
            "columns": bool(self.columns),
            "heads": self.heads,
        }
        return tuple(kind for kind in NEEDS if has[kind])


def paths_of(key: str, graph: Graph) -> Paths:
    """What paths network `key`, whose traced graph is `graph`, has; no weights are allocated.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    with torch.device("meta"):
        columns = columns_of(cnn_models.build(key))
    return Paths(blocks_of(graph), dense_blocks(graph), columns, has_heads(key))
