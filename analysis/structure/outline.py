"""A graph seen from further away: groups of operations, and what flows between them.

Groups are contracted in such a way that the result stays acyclic: where a group would both feed
another and be fed by it, the later part becomes a node of its own. Branches and shortcuts between
groups remain as edges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from analysis.structure.graph import Graph, UnknownOperation
from analysis.structure.labels import label_of_group, label_of_operation
from analysis.structure.operations import Operation, Shape
from analysis.structure.stages import groups_by_stage
from analysis.structure.tracing import INPUT

READABLE = 32  # operations in one diagram, beyond which they are drawn by group


@dataclass(frozen=True)
class OutlineNode:
    """A group of operations, or one operation, or (with 0 operations) what comes from outside.

    `kind` is that of a single operation and empty for a group; `kinds` sums up, such as
    "3 × convolution, 2 × ReLU". `opens` says whether `inside` takes this name.
    """

    name: str
    label: str
    kind: str
    kinds: str
    operations: int
    params: int
    macs: int
    output_shape: Shape
    opens: bool = False


@dataclass(frozen=True)
class Edge:
    """A tensor of `shape` (without the batch axis) flows from `source` to `target`."""

    source: str
    target: str
    shape: Shape


@dataclass(frozen=True)
class Outline:
    """Nodes in an order in which they can run, and edges between them."""

    nodes: tuple[OutlineNode, ...]
    edges: tuple[Edge, ...]


def collapse(graph: Graph, group_of: Callable[[str], str]) -> Outline:
    """One node for each value of `group_of(operation name)`; acyclic.

    A group that cannot be one node comes out as "layer1", "layer1 (2)" and so on.
    """
    return _contract(graph, graph.operations, group_of)


def by_stage(graph: Graph, stages: Sequence[str]) -> Outline:
    """The network by its stages; what lies between two stages is a node of its own.

    `stages` are module names as in `ModelSpec.stages`; those that no operation is in are ignored.
    """
    return collapse(graph, groups_by_stage(graph, stages).__getitem__)


def stage_names(graph: Graph, stages: Sequence[str]) -> tuple[str, ...]:
    """Those stages that `inside` can open, which are those with more than one operation."""
    return tuple(name for name in stages if len(_within(graph, name)) > 1)


def inside(graph: Graph, prefix: str) -> Outline:
    """What is in the module `prefix`: the blocks of a stage, or the operations of a block.

    A stage is a module whose children follow each other in a row, or have branches of their own,
    or hold more than READABLE operations together: each child is one node. In any other module
    each operation is. A module with one child is opened down to that child's parts. What flows in
    from outside comes from nodes with 0 operations.

    Raises:
        UnknownOperation: if there is no such module.
    """
    operations = _within(graph, prefix)
    if not operations:
        raise UnknownOperation(prefix, sorted({op.name.split(".")[0] for op in graph.operations}))

    def child(name: str) -> str:
        below = name.removeprefix(f"{prefix}.").split(".")[0]
        return f"{prefix}.{below}"

    children = _contract(graph, operations, child)
    held = [node for node in children.nodes if node.operations]
    if len(held) == 1 and held[0].opens:
        return inside(graph, held[0].name)
    joined = any(len(op.inputs) > 1 and child(op.name) != op.name for op in operations)
    if joined or _is_chain(children) or len(operations) > READABLE:
        return children
    return _contract(graph, operations, lambda name: name)


def _is_chain(outline: Outline) -> bool:
    sources = [edge.source for edge in outline.edges]
    targets = [edge.target for edge in outline.edges]
    return len(set(sources)) == len(sources) and len(set(targets)) == len(targets)


def _within(graph: Graph, prefix: str) -> tuple[Operation, ...]:
    return tuple(
        op for op in graph.operations if op.name == prefix or op.name.startswith(f"{prefix}.")
    )


def _contract(
    graph: Graph, operations: Sequence[Operation], group_of: Callable[[str], str]
) -> Outline:
    node_of = _place(operations, group_of)
    members: dict[str, list[Operation]] = {}
    for op in operations:
        members.setdefault(node_of[op.name], []).append(op)
    edges, outside = _edges(graph, operations, node_of)
    held_in = _modules(graph)
    nodes = [*outside, *(_node(name, ops, held_in[name] > 1) for name, ops in members.items())]
    return Outline(_ordered(nodes, edges), edges)


def _place(operations: Sequence[Operation], group_of: Callable[[str], str]) -> dict[str, str]:
    """The node of each operation. A group goes on in a new node where it would close a cycle."""
    node_of: dict[str, str] = {}
    current: dict[str, str] = {}
    parts: Counter[str] = Counter()
    order = _Order()
    for op in operations:
        group = group_of(op.name)
        feeders = {node_of[name] for name in op.inputs if name in node_of}
        node = current.get(group)
        if node is None or any(order.precedes(node, feeder) for feeder in feeders - {node}):
            parts[group] += 1
            node = group if parts[group] == 1 else f"{group} ({parts[group]})"
            current[group] = node
        node_of[op.name] = node
        order.feed(node, feeders - {node})
    return node_of


class _Order:
    """Which nodes come before which, as one whole number a node: bit i stands for node i."""

    def __init__(self) -> None:
        self.bit: dict[str, int] = {}
        self.above: dict[str, int] = {}

    def precedes(self, node: str, other: str) -> bool:
        return bool(self.above[other] & self.bit[node])

    def feed(self, node: str, feeders: Iterable[str]) -> None:
        """Everything downstream of `node` is now downstream of its feeders too."""
        is_new = node not in self.bit
        if is_new:
            self.bit[node], self.above[node] = 1 << len(self.bit), 0
        above = 0
        for feeder in feeders:
            above |= self.above[feeder] | self.bit[feeder]
        if above | self.above[node] == self.above[node]:
            return
        self.above[node] |= above
        if not is_new:
            bit = self.bit[node]
            self.above |= {n: known | above for n, known in self.above.items() if known & bit}


def _edges(
    graph: Graph, operations: Sequence[Operation], node_of: dict[str, str]
) -> tuple[tuple[Edge, ...], list[OutlineNode]]:
    """The edges, each once, and nodes for the producers outside of `operations`."""
    edges: dict[Edge, None] = {}
    outside: dict[str, OutlineNode] = {}
    for op in operations:
        target = node_of[op.name]
        for name in op.inputs:
            shape = graph.input_shape if name == INPUT else graph.operation(name).output_shape
            source = node_of.get(name)
            if source is None:
                source = f"from {name}"
                label = INPUT if name == INPUT else source
                outside[source] = OutlineNode(source, label, INPUT, "", 0, 0, 0, shape)
            if source != target:
                edges[Edge(source, target, shape)] = None
    return tuple(edges), list(outside.values())


def _modules(graph: Graph) -> Counter[str]:
    """How many operations each module holds; an operation holds itself."""
    paths = (op.name.split(".") for op in graph.operations)
    return Counter(".".join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))


def _node(name: str, held: Sequence[Operation], is_module: bool) -> OutlineNode:
    single = held[0] if len(held) == 1 else None
    counted = Counter(op.kind for op in held)
    return OutlineNode(
        name=name,
        label=label_of_operation(single) if single else label_of_group(name),
        kind=single.kind if single else "",
        kinds=", ".join(f"{count} × {kind}" for kind, count in counted.most_common()),
        operations=len(held),
        params=sum(op.params for op in held),
        macs=sum(op.macs for op in held),
        output_shape=held[-1].output_shape,
        opens=single is None and is_module,
    )


def _ordered(nodes: Sequence[OutlineNode], edges: Sequence[Edge]) -> tuple[OutlineNode, ...]:
    """In topological order, otherwise in the order given.

    Raises:
        ValueError: if there is a cycle, which `_place` rules out.
    """
    place = {node.name: i for i, node in enumerate(nodes)}
    fed: dict[str, set[str]] = {node.name: set() for node in nodes}
    missing = Counter[str]()
    for source, target in {(edge.source, edge.target) for edge in edges}:
        fed[source].add(target)
        missing[target] += 1
    ready = [place[node.name] for node in nodes if not missing[node.name]]
    heapify(ready)
    done: list[OutlineNode] = []
    while ready:
        done.append(nodes[heappop(ready)])
        for target in fed[done[-1].name]:
            missing[target] -= 1
            if not missing[target]:
                heappush(ready, place[target])
    if len(done) < len(nodes):
        raise ValueError(f"{', '.join(name for name in missing if missing[name])} form a cycle.")
    return tuple(done)
