"""Memory that the maps of a forward pass need at once, each freed after its last use."""

from __future__ import annotations

import math

from analysis.structure.graph import Graph
from analysis.structure.operations import FLOAT32_BYTES, Operation


def peak_bytes(graph: Graph) -> int:
    """Bytes of all maps that are alive at the worst moment, for one image in float32.

    Views and work in place write nothing new: they keep alive what they look at. Workspaces of the
    kernels are not counted.
    """
    owners = _owners(graph)
    last = {}
    for place, op in enumerate(graph.operations):
        for name in (*op.inputs, op.name):
            last[owners[name]] = place
    alive = {"input": math.prod(graph.input_shape)}
    peak = 0
    for place, op in enumerate(graph.operations):
        alive[op.name] = op.activations
        peak = max(peak, sum(alive.values()))
        alive = {name: size for name, size in alive.items() if last.get(name, -1) > place}
    return peak * FLOAT32_BYTES


def _owners(graph: Graph) -> dict[str, str]:
    """Which operation wrote the memory that each one's output lies in."""
    owners = {"input": "input"}
    for op in graph.operations:
        owners[op.name] = owners[op.inputs[0]] if _is_view(op) else op.name
    return owners


def _is_view(op: Operation) -> bool:
    return op.activations == 0 and bool(op.inputs)
