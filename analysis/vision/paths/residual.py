"""Residual blocks, found from the traced graph: where a branch is added to a shortcut.

At an addition of two maps, one side must be a shortcut: from the place where both sides part it
does nothing, or it only brings the map to the new shape (a 1×1 convolution with its batch norm, an
average, zeros for new channels). Two paths with an activation on each, such as FractalNet's, are
no residual block, nor are pairs that a search put into a cell, whose sum is concatenated.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision.paths.block import Block

_RESHAPES = {
    "average pooling": "a pooling",
    "max pooling": "a pooling",
    "padding": "zeros for new channels",
    "convolution": "a projection",
}
_PASSES = {"batch norm", "identity", "dropout", "drop branch", *_RESHAPES}
_MAKES_MAPS = {"convolution", "batch norm", "layer norm", "linear"}
# Steps without weights that make zeros of zeros.
_ZERO_STAYS_ZERO = {
    "average pooling",
    "drop branch",
    "dropout",
    "identity",
    "max pooling",
    "multiplication",
    "ReLU",
    "reshape",
    "transpose",
}


def residual_blocks(graph: Graph) -> tuple[Block, ...]:
    """All residual blocks, in the order in which they run; empty where there are none."""
    order = {op.name: place for place, op in enumerate(graph.operations)}
    before = _ancestors(graph)
    concatenated = {
        name for op in graph.operations if op.kind == "concatenation" for name in op.inputs
    }
    found = []
    for op in graph.operations:
        if op.kind == "addition" and len(op.inputs) == 2 and op.name not in concatenated:
            block = _block(graph, op, order, before)
            if block is not None:
                found.append(block)
    return tuple(found)


def _ancestors(graph: Graph) -> dict[str, frozenset[str]]:
    """For each operation the names of all before it on a way to it, and its own."""
    before: dict[str, frozenset[str]] = {"input": frozenset({"input"})}
    for op in graph.operations:
        before[op.name] = frozenset({op.name}).union(*(before[name] for name in op.inputs))
    return before


def _block(
    graph: Graph, add: Operation, order: dict[str, int], before: dict[str, frozenset[str]]
) -> Block | None:
    sides = [before[name] for name in add.inputs]
    fork = max(sides[0] & sides[1], key=lambda name: order.get(name, -1))
    paths = [
        sorted((graph.operation(name) for name in side - before[fork]), key=lambda o: order[o.name])
        for side in sides
    ]
    fits = [i for i in (0, 1) if _is_shortcut(paths[i], fork) and _convolutions(paths[1 - i])]
    if not fits:
        return None
    which = min(fits, key=lambda i: len(paths[i]))
    branch, shortcut = paths[1 - which], paths[which]
    silenced = _silence(graph, add.inputs[1 - which], {op.name for op in branch})
    if not silenced:
        return None
    return Block(_name(branch, add), silenced, _kept(shortcut), residual=True)


def _is_shortcut(path: list[Operation], fork: str) -> bool:
    """Whether it is a chain of steps that only reshape, with one convolution at most."""
    chain = [fork, *(op.name for op in path)]
    return (
        all(op.kind in _PASSES and op.inputs == (chain[i],) for i, op in enumerate(path))
        and len(_convolutions(path)) <= 1
    )


def _convolutions(path: Iterable[Operation]) -> list[Operation]:
    return [op for op in path if op.kind == "convolution"]


def _silence(graph: Graph, name: str, branch: set[str]) -> tuple[str, ...]:
    """The modules of the branch whose outputs must be zero for it to add nothing.

    Empty where there is no such set: where the last step would make something of zero.
    """
    if name not in branch:
        return ()
    op = graph.operation(name)
    if op.kind in _MAKES_MAPS:
        return (name,)
    if op.kind in _ZERO_STAYS_ZERO:
        return _silence(graph, op.inputs[0], branch)
    if op.kind in ("concatenation", "addition"):
        parts = [_silence(graph, part, branch) for part in op.inputs]
        return tuple(name for part in parts for name in part) if all(parts) else ()
    return ()


def _kept(shortcut: list[Operation]) -> str:
    """What the shortcut does, in words; "the identity" where it does nothing."""
    words = dict.fromkeys(_RESHAPES[op.kind] for op in shortcut if op.kind in _RESHAPES)
    if len(words) == 2 and "zeros for new channels" in words:
        return "smaller maps with zeros for new channels"
    return " and ".join(words) or "the identity"


def _name(branch: list[Operation], add: Operation) -> str:
    """The longest part that the names of the branch's steps begin with, in whole words."""
    parts = [op.name.split(".")[:-1] for op in branch if op.params]
    shared = []
    for words in zip(*parts, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return ".".join(shared) or add.name
