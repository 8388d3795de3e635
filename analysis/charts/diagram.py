"""A network drawn as blocks and branches, in the DOT language that a browser can lay out."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from analysis.amounts import short
from analysis.charts.palette import KIND_COLOURS, NEUTRAL
from analysis.structure.outline import Outline, OutlineNode

TALL = 40  # nodes: a branching stage of this many is several screens high

_HEAD = (
    "digraph network {",
    'graph [bgcolor="transparent", rankdir=TB, nodesep=0.2, ranksep=0.25, margin=0]',
    'node [shape=box, style="filled,rounded", penwidth=0, fontcolor="#ffffff", '
    'fontname="Source Sans Pro, Arial, sans-serif", fontsize=13, margin="0.14,0.06"]',
    f'edge [color="{NEUTRAL}", penwidth=1.6, arrowsize=0.7, fontcolor="{NEUTRAL}", '
    'fontname="Source Sans Pro, Arial, sans-serif", fontsize=13]',
)


def dot(outline: Outline, colour: str) -> str:
    """DOT text: one box a node with what it costs, one arrow an edge with the shape it carries.

    `colour` fills the boxes that stand for several operations; single operations take the colour
    of their kind.
    """
    lines: list[str] = list(_HEAD)
    index = {node.name: f"n{i}" for i, node in enumerate(outline.nodes)}
    for node in outline.nodes:
        fill = colour if node.operations > 1 else KIND_COLOURS.get(node.kind, NEUTRAL)
        lines.append(f'{index[node.name]} [label="{_label(node)}", fillcolor="{fill}"]')
    for edge in outline.edges:
        shape = _escape(_shape(edge.shape))
        lines.append(f'{index[edge.source]} -> {index[edge.target]} [label="  {shape}"]')
    return "\n".join([*lines, "}"])


def is_narrow(outline: Outline) -> bool:
    """Whether no node has more than two ways out, so that half a page is wide enough."""
    ways = Counter(edge.source for edge in outline.edges)
    return max(ways.values(), default=0) <= 2


def height(outline: Outline) -> int | Literal["content"]:
    """Pixels on the page; a diagram of more than TALL nodes is to be scrolled."""
    return 1400 if len(outline.nodes) > TALL else "content"


def _label(node: OutlineNode) -> str:
    """Name, then what it costs; what costs nothing has its name alone."""
    lines = [_escape(line) for line in node.label.split("\n")]
    if node.operations > 1:
        lines.append(f"{node.operations} operations")
    if node.params:
        lines.append(f"{short(node.params)} parameters")
    if node.macs:
        lines.append(f"{short(node.macs)} multiply-adds")
    return "\\n".join(lines)


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(str(size) for size in shape)


def _escape(text: str) -> str:
    return text.replace("\\", "").replace('"', "'")
