"""A long diagram made short: what repeats is drawn once, and the middle of a long row summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import groupby

from analysis.structure.outline import Outline, OutlineNode

SHORT = 24  # nodes: up to here each is drawn; whole networks have fewer
ENDS = 5  # nodes kept at each end of a row that is still too long
_FEWEST = 3  # alike nodes in a row that become one


def folded(outline: Outline) -> Outline:
    """The outline as it is up to SHORT nodes; a longer one with one node for each run of equals.

    A stage whose blocks all differ, such as those of DenseNet, keeps the first and the last of
    them. What has branches across many nodes, such as a fractal, stays as it is. Neighbours in the
    order of an outline can become one node without closing a cycle.
    """
    if len(outline.nodes) <= SHORT:
        return outline
    looks = _looks(outline)
    runs = [list(run) for _, run in groupby(outline.nodes, key=lambda node: looks[node.name])]
    parts = [part for run in runs for part in (_singly(run) if len(run) < _FEWEST else [run])]
    if len(parts) > SHORT and _is_row(outline):
        middle = [node for part in parts[ENDS:-ENDS] for node in part]
        parts = [*parts[:ENDS], middle, *parts[-ENDS:]]
    return _joined(outline, parts)


def _looks(outline: Outline) -> dict[str, Hashable]:
    """Blocks look alike if they hold, cost and take the same and stand in a row."""
    feeds = Counter(edge.source for edge in outline.edges)
    fed = Counter(edge.target for edge in outline.edges)
    taken = {edge.target: edge.shape for edge in outline.edges}

    def look(node: OutlineNode) -> Hashable:
        in_a_row = fed[node.name] == 1 and feeds[node.name] <= 1
        if node.operations < 2 or not in_a_row:
            return node.name
        return node.kinds, node.params, node.macs, taken[node.name], node.output_shape

    return {node.name: look(node) for node in outline.nodes}


def _is_row(outline: Outline) -> bool:
    """Whether every edge leads to the next node or the one after it: a row with shortcuts."""
    place = {node.name: number for number, node in enumerate(outline.nodes)}
    return all(place[edge.target] - place[edge.source] <= 2 for edge in outline.edges)


def _singly(run: Sequence[OutlineNode]) -> list[list[OutlineNode]]:
    return [[node] for node in run]


def _joined(outline: Outline, parts: Sequence[Sequence[OutlineNode]]) -> Outline:
    held = {node.name: part[0].name for part in parts for node in part}
    edges = (
        replace(edge, source=held[edge.source], target=held[edge.target]) for edge in outline.edges
    )
    return Outline(
        tuple(_sum(part) for part in parts),
        tuple(dict.fromkeys(edge for edge in edges if edge.source != edge.target)),
    )


def _sum(part: Sequence[OutlineNode]) -> OutlineNode:
    if len(part) == 1:
        return part[0]
    blocks = [node for node in part if node.operations > 1] or list(part)
    alike = len({(node.kinds, node.params, node.macs) for node in blocks}) == 1
    return replace(
        part[0],
        label=f"{blocks[0].label} … {blocks[-1].label.rsplit('.', 1)[-1]}\n"
        f"{len(blocks)} {'equal ' if alike else ''}blocks",
        kind="",
        kinds="",
        operations=sum(node.operations for node in part),
        params=sum(node.params for node in part),
        macs=sum(node.macs for node in part),
        output_shape=part[-1].output_shape,
        opens=False,
    )
