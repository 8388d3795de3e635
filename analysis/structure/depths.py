"""Along the depth: how many layers deep a network is, and what each operation spends."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.structure.refusals import shape_text
from analysis.structure.stages import groups_by_stage

WEIGHTED = frozenset({"convolution", "transposed convolution", "linear"})


def depth(graph: Graph, kinds: Collection[str] = WEIGHTED) -> int:
    """The number of convolutions and linear layers on the longest path from input to output.

    This is the number in "ResNet-50". As there, a gate that is computed from the whole map, as in
    squeeze-and-excitation, does not lengthen the path of the map that it multiplies. Other `kinds`
    of operations can be counted instead.
    """
    reached: dict[str, int] = {}
    for op in graph.operations:
        feeders = [name for name in op.inputs if name in reached]
        mapped = [name for name in feeders if _is_map(graph.operation(name))]
        counted = mapped if mapped and _is_map(op) else feeders
        reached[op.name] = max((reached[name] for name in counted), default=0)
        reached[op.name] += op.kind in kinds
    return reached[graph.operations[-1].name] if reached else 0


def _is_map(op: Operation) -> bool:
    return op.receptive_field is not None and op.receptive_field.is_local


def depth_profile(graph: Graph, stages: Sequence[str] = ()) -> pd.DataFrame:
    """One row an operation, in order, with what it spends and what was spent so far.

    Columns: "name", "kind", "stage", "output shape" (text), "parameters", "multiply-adds",
    "activation bytes" (int64), and each of the three again as "cumulative parameters" and so on.
    `stages` are module names as in `ModelSpec.stages`; without them the top level is taken.
    """
    group = groups_by_stage(graph, stages)
    table = pd.DataFrame(
        {
            "name": [op.name for op in graph.operations],
            "kind": [op.kind for op in graph.operations],
            "stage": [group[op.name] for op in graph.operations],
            "output shape": [shape_text(op.output_shape) for op in graph.operations],
            "parameters": [op.params for op in graph.operations],
            "multiply-adds": [op.macs for op in graph.operations],
            "activation bytes": [op.activation_bytes for op in graph.operations],
        }
    )
    for column in ("parameters", "multiply-adds", "activation bytes"):
        table[f"cumulative {column}"] = table[column].cumsum()
    return table
