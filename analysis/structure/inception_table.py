"""Table 1 of the GoogLeNet paper, counted anew: one row a layer or block, one column a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.structure.depths import WEIGHTED
from analysis.structure.graph import Graph
from analysis.structure.nesting import Fork, Part, nested, operations
from analysis.structure.notation import sides
from analysis.structure.operations import Operation
from analysis.structure.refusals import shape_text

_NAMES = {
    "convolution": "convolution",
    "max pooling": "max pool",
    "global average pooling": "avg pool",
    "dropout": "dropout",
    "linear": "linear",
}


@dataclass
class _Line:
    """One row: the operations that it counts, and the channels of its convolutions."""

    kind: str
    patch: str
    ops: list[Operation]
    depth: int
    channels: dict[str, int] = field(default_factory=dict)

    def cells(self) -> dict[str, object]:
        shape = self.ops[-1].output_shape
        size = shape_text((*shape[1:], shape[0])) if len(shape) > 1 else shape_text((1, 1, *shape))
        return {
            "type": self.kind,
            "patch size / stride": self.patch,
            "output size": size,
            "depth": self.depth,
            **{name: str(width) for name, width in self.channels.items()},
            "params": sum(op.params for op in self.ops),
            "ops": sum(op.macs for op in self.ops),
        }


def inception_table(graph: Graph) -> pd.DataFrame:
    """One row a layer or block, in order.

    Columns: "type", "patch size / stride", "output size" (H × W × C), "depth", then the channels
    of the convolutions by the windows that this network has ("#1×1", "#3×3 reduce", "#3×3" …,
    "pool proj"; text, empty where there are none), and counted here "params" and "ops"
    (multiply-adds). A 1×1 convolution in front of another stands in that one's row.

    Raises:
        ValueError: if no fork of `graph` has four branches, the last with a pooling.
    """
    parts = nested(graph) or ()
    block = next((part for part in parts if isinstance(part, Fork)), None)
    if block is None or len(block.branches) != 4:
        raise ValueError(f"{graph.name} has no blocks with the four branches of Inception.")
    names = _branch_columns(block)
    lines: list[_Line] = []
    for part in parts:
        _add(lines, part, names)
    columns = ["type", "patch size / stride", "output size", "depth", *names, "params", "ops"]
    return pd.DataFrame([line.cells() for line in lines], columns=columns).fillna("")


def _branch_columns(block: Fork) -> list[str]:
    """Such as "#1×1", "#3×3 reduce", "#3×3", "#5×5 reduce", "#5×5", "pool proj"."""
    names = ["#1×1"]
    for branch in block.branches[1:-1]:
        window = f"#{sides(_convolutions(branch)[-1].kernel or ())}"
        window += " again" if window in names else ""
        names += [f"{window} reduce", window]
    return [*names, "pool proj"]


def _convolutions(branch: Sequence[Part]) -> list[Operation]:
    return [op for op in operations(tuple(branch)) if op.kind == "convolution"]


def _add(lines: list[_Line], part: Part, names: Sequence[str]) -> None:
    if isinstance(part, Fork):
        ops = list(operations((part,)))
        widths = [op.output_shape[0] for op in ops if op.kind == "convolution"]
        name = f"inception ({ops[0].name.split('.')[0].removeprefix('inception')})"
        lines.append(_Line(name, "", ops, 2, dict(zip(names, widths, strict=True))))
    elif part.op.kind in _NAMES:
        lines.append(_line(lines, part.op, names))
    elif lines and part.op.params:  # a norm behind its layer
        lines[-1].ops.append(part.op)


def _line(lines: list[_Line], op: Operation, names: Sequence[str]) -> _Line:
    deep = int(op.kind in WEIGHTED)
    if op.kind == "convolution" and lines and lines[-1].patch == "1×1/1":
        reduced = lines.pop()
        widths = {names[1]: reduced.ops[0].output_shape[0], names[2]: op.output_shape[0]}
        return _Line(_NAMES[op.kind], _patch(op), [*reduced.ops, op], reduced.depth + deep, widths)
    return _Line(_NAMES[op.kind], _patch(op), [op], deep)


def _patch(op: Operation) -> str:
    """Window and stride as the paper writes them, "7×7/2"; a global pooling's is its input."""
    if op.kind == "global average pooling":
        return f"{sides(op.input_shapes[0][1:])}/1"
    if op.kernel is None or op.stride is None:
        return ""
    return f"{sides(op.kernel)}/{op.stride[0]}"
