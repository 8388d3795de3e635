"""Blocks of a network without shortcuts that can be passed by, because they keep the shape."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision.paths.block import Block

_PER_MAP = {"batch norm"}  # what belongs to a convolution and goes with it


def plain_blocks(graph: Graph) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks that keep the shape, and the names of their neighbours that do not.

    A block is the smallest module with a convolution through which everything passes, so that
    it has one input and one output, both of one shape. Where no module is one, single
    convolutions are taken, each with its batch norm.
    """
    narrow = _narrow(graph)
    modules = {name: ops for name, ops in _modules(graph) if ops[-1].name in narrow}
    fitting = {name for name, ops in modules.items() if _keeps_shape(graph, ops)}
    smallest = {
        name for name in fitting if not any(other.startswith(f"{name}.") for other in fitting)
    }
    if not smallest:
        return _single(graph, narrow)
    depths = {name.count(".") for name in smallest}
    others = tuple(
        name
        for name in modules
        if name.count(".") in depths
        and name not in smallest
        and not any(_inside(name, block) or _inside(block, name) for block in smallest)
    )
    blocks = (Block(name, (name,), "", residual=False) for name in modules if name in smallest)
    return tuple(blocks), others


def _inside(name: str, other: str) -> bool:
    return name.startswith(f"{other}.")


def _modules(graph: Graph) -> Iterator[tuple[str, list[Operation]]]:
    """Each module with a spatial convolution and more steps, in order, with its operations."""
    within: dict[str, list[Operation]] = {}
    for op in graph.operations:
        words = op.name.split(".")
        for depth in range(1, len(words)):
            within.setdefault(".".join(words[:depth]), []).append(op)
    for name, ops in within.items():
        if len(ops) > 1 and any(_is_spatial(op) for op in ops):
            yield name, ops


def _is_spatial(op: Operation) -> bool:
    """Whether it is a convolution with a window; gates and scales are not."""
    return op.kind == "convolution" and set(op.kernel or ()) != {1}


def _keeps_shape(graph: Graph, ops: list[Operation]) -> bool:
    """Whether the steps have one input from outside and one result, of the same shape."""
    names = {op.name for op in ops}
    outside = {name for op in ops for name in op.inputs} - names
    read = {name for op in graph.operations if op.name not in names for name in op.inputs} & names
    if len(outside) != 1 or read != {ops[-1].name}:
        return False
    source = outside.pop()
    shape = graph.input_shape if source == "input" else graph.operation(source).output_shape
    return shape == ops[-1].output_shape


def _narrow(graph: Graph) -> set[str]:
    """The operations that everything passes through: none before has a reader behind."""
    order = {op.name: place for place, op in enumerate(graph.operations)}
    last = {name: place for place, op in enumerate(graph.operations) for name in op.inputs}
    open_until, found = -1, set()
    for op in graph.operations:
        open_until = max(open_until, *(last[name] for name in op.inputs))
        if open_until <= order[op.name]:
            found.add(op.name)
    return found


def _single(graph: Graph, narrow: set[str]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Convolutions that keep the shape, each with its batch norm, and those that do not."""
    users: dict[str, list[Operation]] = {}
    for op in graph.operations:
        for name in op.inputs:
            users.setdefault(name, []).append(op)
    blocks, others = [], []
    for op in graph.operations:
        if not _is_spatial(op) or op.name not in narrow:
            continue
        if op.input_shapes[0] != op.output_shape:
            others.append(op.name)
            continue
        norms = [u.name for u in users.get(op.name, []) if u.kind in _PER_MAP]
        blocks.append(Block(op.name, (op.name, *norms), "", residual=False))
    return tuple(blocks), tuple(others)
