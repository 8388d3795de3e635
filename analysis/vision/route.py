"""The way from a network's input to one of its operations, to be run on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

import cnn_models
from analysis.structure.operations import Shape
from analysis.structure.tracing import named_steps


@dataclass(frozen=True, eq=False)
class Route:
    """The steps of a forward pass up to `node`; `weightless` is the network on the meta device."""

    weightless: nn.Module
    steps: fx.Graph
    node: str
    input_shape: Shape


def route(key: str, operation: str) -> Route:
    """The way to an operation of network `key`; no weights are allocated.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
        KeyError: if it has no such operation.
    """
    with torch.device("meta"):
        model = cnn_models.build(key).eval()
    return route_through(model, cnn_models.spec(key).input_shape, operation)


def route_through(model: nn.Module, input_shape: Shape, operation: str) -> Route:
    """The same for any network that can be traced."""
    steps, nodes = named_steps(model, input_shape)
    return Route(model, steps, nodes[operation], input_shape)


class Walk(fx.Interpreter):
    """Runs a network along a route and stops there."""

    def __init__(self, network: nn.Module, way: Route) -> None:
        super().__init__(network, graph=way.steps)
        self.way = way
        self.extra_traceback = False

    def arrive(self, x: Tensor) -> Tensor:
        """What the operation makes of `x`, (N, C, H, W) to (N, ...)."""
        self.env, self.args_iter = {}, iter([x])
        for node in self.way.steps.nodes:
            value = self.env[node] = self.run_node(node)
            for done in self.user_to_last_uses.get(node, []):
                del self.env[done]
            if node.name == self.way.node:
                return _tensor(value)
        raise KeyError(self.way.node)


def _tensor(value: Any) -> Tensor:
    """The value, or of several the first."""
    return value if isinstance(value, Tensor) else value[0]
