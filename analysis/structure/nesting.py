"""A graph as its papers draw it: a chain of steps, some of which are forks with branches.

A fork begins at the last operation that everything before its join passes through, which is the
join's dominator. Residual, dense, Inception and fractal networks come apart in this way without
remainder; networks whose cells read the two cells before them do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.structure.tracing import INPUT


@dataclass(frozen=True)
class Step:
    """One operation."""

    op: Operation


@dataclass(frozen=True)
class Fork:
    """Branches from one value, joined again by `op`; an empty branch hands the value on."""

    op: Operation
    branches: tuple[tuple[Part, ...], ...]


Part = Step | Fork


def nested(graph: Graph) -> tuple[Part, ...] | None:
    """The operations from the input to the output, in order, joins with their branches.

    Additions that only feed another addition are one join with it. None where branches share
    operations, so that the graph is more than forks within forks.
    """
    if not graph.operations:
        return ()
    try:
        return _Walk(graph).between(INPUT, graph.operations[-1].name)
    except _NotNested:
        return None


def operations(parts: tuple[Part, ...]) -> tuple[Operation, ...]:
    """All operations, each once, those of a fork before its join."""
    return tuple({op.name: op for op in _each(parts)}.values())


def _each(parts: tuple[Part, ...]) -> Iterator[Operation]:
    for part in parts:
        if isinstance(part, Fork):
            yield from chain.from_iterable(_each(branch) for branch in part.branches)
        yield part.op


class _NotNested(Exception):
    """Branches share operations."""


class _Walk:
    """Takes a graph apart from its end, and gives up where it would take an operation twice."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.depth = {INPUT: 0}
        self.dominator: dict[str, str] = {}
        self.taken: set[str] = set()
        for op in graph.operations:
            above = self._common(op.inputs)
            self.dominator[op.name], self.depth[op.name] = above, self.depth[above] + 1
        self.readers = Counter(name for op in graph.operations for name in op.inputs)

    def between(self, start: str, end: str) -> tuple[Part, ...]:
        """What lies behind `start`, up to and with `end`."""
        parts: list[Part] = []
        while end != start:
            if end == INPUT or end in self.taken:
                raise _NotNested
            self.taken.add(end)
            op, above = self.graph.operation(end), self.dominator[end]
            ends = tuple(self._ends(op))
            parts.append(Step(op) if len(ends) == 1 else self._fork(op, above, ends))
            end = above
        return tuple(reversed(parts))

    def _ends(self, op: Operation) -> Iterator[str]:
        """What a join joins: the inputs, or what an addition that feeds only this one adds."""
        for name in op.inputs:
            before = None if name == INPUT else self.graph.operation(name)
            if before and before.kind == op.kind == "addition" and self.readers[name] == 1:
                yield from self._ends(before)
            else:
                yield name

    def _fork(self, op: Operation, start: str, ends: Sequence[str]) -> Fork:
        """Branches from `start`; those that begin together and part later are one branch."""
        groups: dict[str, list[str]] = {}
        for end in ends:
            groups.setdefault(self._below(start, end), []).append(end)
        return Fork(op, tuple(self._branch(op, start, held) for held in groups.values()))

    def _branch(self, op: Operation, start: str, ends: Sequence[str]) -> tuple[Part, ...]:
        if len(ends) == 1:
            return self.between(start, ends[0])
        parting = self._common(ends)
        together = self.between(start, parting)
        return (*together, self._fork(op, parting, ends))

    def _below(self, start: str, end: str) -> str:
        """The first that everything between `start` and `end` passes through."""
        below = end
        while end != start:
            below, end = end, self.dominator[end]
        return below

    def _common(self, names: Sequence[str]) -> str:
        """The last that everything before these operations passes through, or is."""
        common = names[0]
        for name in names[1:]:
            while common != name:
                if self.depth[common] < self.depth[name]:
                    common, name = name, common
                common = self.dominator[common]
        return common
