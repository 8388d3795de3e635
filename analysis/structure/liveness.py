"""Which tensors are alive at once in a forward pass, if each is freed after its last use.

What an operation writes is alive from there to the last operation that reads it, also through a
view or through work in place, which write nothing and keep the memory that they were given. The
image is alive all along, since whoever called the network still holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from analysis.structure.graph import Graph
from analysis.structure.tracing import INPUT


@dataclass(frozen=True)
class Moment:
    """What is alive while one operation runs: `image` and `maps` are numbers of values.

    `holders` are the operations whose outputs these maps are, the running one included.
    """

    operation: str
    image: int
    maps: int
    holders: tuple[str, ...]

    @property
    def values(self) -> int:
        """All values alive, for one image."""
        return self.image + self.maps


def moments(graph: Graph) -> tuple[Moment, ...]:
    """One entry an operation, in order."""
    memory = _memory_of(graph)
    last = _last_use(graph, memory)
    sizes = {op.name: op.activations for op in graph.operations}
    image, alive, found = prod(graph.input_shape), {}, []
    for place, op in enumerate(graph.operations):
        if sizes[op.name]:
            alive[op.name] = sizes[op.name]
        found.append(Moment(op.name, image, sum(alive.values()), tuple(alive)))
        alive = {name: size for name, size in alive.items() if last[name] > place}
    return tuple(found)


def peak(graph: Graph) -> Moment:
    """The moment at which most is alive; the first of several.

    Raises:
        ValueError: if the graph has no operation.
    """
    if not graph.operations:
        raise ValueError(f"{graph.name} has no operation, so nothing is ever alive.")
    return max(moments(graph), key=lambda moment: moment.values)


def _memory_of(graph: Graph) -> Mapping[str, str]:
    """Whose memory the output of each operation lies in."""
    memory = {INPUT: INPUT}
    for op in graph.operations:
        memory[op.name] = op.name if op.activations else memory[op.inputs[0]]
    return memory


def _last_use(graph: Graph, memory: Mapping[str, str]) -> Mapping[str, int]:
    """The place of the last operation that reads or returns each memory."""
    last = {memory[op.name]: place for place, op in enumerate(graph.operations)}
    for place, op in enumerate(graph.operations):
        for name in op.inputs:
            last[memory[name]] = max(place, last.get(memory[name], 0))
    return last
