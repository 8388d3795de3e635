"""Which layers of a network have maps to look at, and the way to each.

Layers are the operations of the traced graph and not modules, so a module that is used twice is
two layers, and a function that is no module is one.
"""

from __future__ import annotations

import torch
from torch import nn

import cnn_models
from analysis.structure import described, graph
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation, Shape
from analysis.vision.route import Route, route_through

# They show once more what the layer before them shows, or hand out several maps at once.
_NOTHING_NEW = frozenset({"dropout", "identity", "padding", "reshape", "slicing", "split"})
_BENDS = frozenset({"ReLU", "ReLU6", "GELU", "SiLU", "hard swish", "tanh"})
_PART = 0.5  # of the image's side that a window may have for its box to tell something


def graph_at(key: str, input_shape: Shape) -> Graph:
    """The graph of network `key` at an input size that may differ from its paper's.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
        analysis.structure.graph.BadInput: if it cannot take that size.
    """
    if input_shape == cnn_models.spec(key).input_shape:
        return described.traced(key)
    return graph.trace(_weightless(key), input_shape)


def route_at(key: str, input_shape: Shape, operation: str) -> Route:
    """The way to one of its operations at that size; raises also KeyError if there is none."""
    return route_through(_weightless(key), input_shape, operation)


def _weightless(key: str) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key).eval()


def layers_with_maps(graph: Graph) -> tuple[Operation, ...]:
    """The operations whose output is (C, H, W) with more than one place, in their order."""
    turned: set[str] = set()  # channels stand last there, as before ConvNeXt's linear layers
    found = []
    for op in graph.operations:
        was_turned = any(name in turned for name in op.inputs)
        if was_turned != (op.kind == "transpose" and len(op.output_shape) == 3):
            turned.add(op.name)
        elif _has_places(op) and op.kind not in _NOTHING_NEW:
            found.append(op)
    return tuple(found)


def _has_places(op: Operation) -> bool:
    return len(op.output_shape) == 3 and op.output_shape[1] * op.output_shape[2] > 1


def telling(graph: Graph) -> Operation | None:
    """The last activation whose window is at most half as wide as the image; None without layers.

    Later windows hold nearly the whole image, earlier ones little more than an edge.
    """
    layers = layers_with_maps(graph)
    layers = tuple(op for op in layers if op.kind in _BENDS) or layers
    side = min(graph.input_shape[1:])
    small = [op for op in layers if (width := _width(op)) is not None and width <= _PART * side]
    return small[-1] if small else next(iter(layers), None)


def _width(op: Operation) -> int | None:
    field = op.receptive_field
    return max(field.size) if field is not None and field.is_local else None


def readers(graph: Graph) -> tuple[Operation, ...]:
    """The convolutions that read the image itself; FractalNet has one in each column."""
    return tuple(
        op for op in graph.operations if op.kind == "convolution" and op.inputs == ("input",)
    )
