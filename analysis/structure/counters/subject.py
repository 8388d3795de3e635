"""The network that is counted: one private copy on the meta device for all tools."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

import cnn_models
from analysis.structure import graph
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation, Shape
from analysis.structure.twin import meta_twin


@dataclass(frozen=True)
class Subject:
    """A network without weights that belongs to whoever counts it, and our graph of it.

    `images` is the batch that the tools run: 1 in evaluation. In training batch norm needs more
    than one value a channel, so there it is 2, and what the tools count is halved.
    """

    model: nn.Module
    graph: Graph
    images: int = 1

    def batch(self) -> Tensor:
        """A batch on the meta device, (N, C, H, W)."""
        return torch.empty(self.images, *self.graph.input_shape, device="meta")

    @cached_property
    def modules(self) -> dict[str, nn.Module]:
        """All modules by path; "" is the network."""
        return dict(self.model.named_modules())

    def owner(self, operation: Operation) -> str:
        """The path of the module that an operation is, or in whose code it stands."""
        path = operation.name.partition("#")[0]
        return path if path in self.modules else path.rpartition(".")[0]


def subject(key: str, traced: Graph, heads: bool = False) -> Subject:
    """The network `key` of the registry, in evaluation, or in training with auxiliary heads.

    `traced` is the graph that `described.traced(key)` gives.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
        ValueError: if it should have auxiliary heads and offers none.
    """
    if heads and not offers_heads(key):
        raise ValueError(f"{cnn_models.spec(key).display_name} has no auxiliary heads to count.")
    options = {"aux_heads": True} if heads else {}
    with torch.device("meta"):
        model = cnn_models.build(key, **options).train(heads)
    return Subject(model, traced, images=2 if heads else 1)


def subject_of(model: nn.Module, input_shape: Shape) -> Subject:
    """Any network that can be traced; `model` is only read.

    Raises:
        NotTraceable, BadInput: as `graph.trace` does.
    """
    return Subject(meta_twin(model), graph.trace(model, input_shape))


def offers_heads(key: str) -> bool:
    """Whether the network can be built with auxiliary heads, which only training runs."""
    return "aux_heads" in inspect.signature(cnn_models.spec(key).build).parameters
