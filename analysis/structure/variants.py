"""The variants of a family side by side, as papers print them: one row a stage, one column each.

All of it is read off the traced graphs: the same few rules give VGG's columns A to E, ResNet's
brackets and DenseNet's blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import cnn_models
from analysis.structure.depths import WEIGHTED, depth
from analysis.structure.graph import Graph
from analysis.structure.nesting import Part, nested, operations
from analysis.structure.notation import Layer, Notation, layers, plain, vgg
from analysis.structure.operations import Operation, Shape
from analysis.structure.stages import groups_by_stage
from cnn_models import registry

_SINGLES = 4  # equal layers that are listed one by one, as in VGG's table; more are counted
_MOST_LINES = 12  # of a block; the layers of longer ones are counted by kind
_NOTATIONS: Mapping[str, Notation] = {"vgg": vgg}  # by file of the family

# Names of modules, and what the papers call these stages.
_TITLES = (
    (re.compile(r"layer(\d)"), lambda found: f"conv{int(found[1]) + 1}_x"),
    (re.compile(r"denseblock(\d)"), lambda found: f"Dense Block ({found[1]})"),
    (re.compile(r"transition(\d)"), lambda found: f"Transition Layer ({found[1]})"),
    (re.compile(r"cells\.normal_\d+ … normal_\d+"), lambda _: "normal cells"),
    (re.compile(r"cells\.normal_\d+"), lambda _: "last normal cell"),
)


@dataclass(frozen=True)
class Block:
    """Layers that belong together, and how many times they follow each other."""

    layers: tuple[str, ...]
    times: int = 1

    @property
    def text(self) -> str:
        """Such as "[3×3, 64; 3×3, 64] × 2"."""
        inner = "; ".join(self.layers)
        if self.times == 1 and len(self.layers) == 1:
            return inner
        return f"[{inner}] × {self.times}"


@dataclass(frozen=True)
class Cell:
    """A stage, or the part of it at one resolution: its blocks, and the height and width after.

    `size` is empty once there is no map any more.
    """

    stage: str
    blocks: tuple[Block, ...]
    size: Shape

    @property
    def text(self) -> str:
        return ", ".join(block.text for block in self.blocks)


@dataclass(frozen=True)
class Column:
    """Networks whose cells are the same; `cells` has None where a row is not theirs."""

    keys: tuple[str, ...]
    depth: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Configurations:
    """`rows` names the stages; a name that is empty goes on with the stage above."""

    rows: tuple[str, ...]
    columns: tuple[Column, ...]


def cells(graph: Graph, stages: Sequence[str], notation: Notation = plain) -> tuple[Cell, ...]:
    """One cell a stage, and one for each pooling that stands between layers.

    `stages` are module names as in `ModelSpec.stages`. Steps without a visible layer are left
    out; a global pooling stands with the layers behind it. Where branches cross, as between the
    cells of NASNet, the layers of a stage are counted by kind.
    """
    group_of = groups_by_stage(graph, stages)
    parts = nested(graph)
    if parts is None:
        return tuple(_counted_cells(graph, group_of, notation))
    stage_of = {name: group for name, group in group_of.items() if group in stages}
    lines = [line for part in parts for line in _lines(part, stage_of, notation)]
    found: list[Cell] = []
    for (stage, _), run in groupby(_with_heads(lines), key=_row):
        held = list(run)
        found.append(Cell(stage, tuple(_repeated(_blocks(held))), held[-1].shape[1:]))
    return tuple(found)


def _counted_cells(graph: Graph, group_of: Mapping[str, str], notation: Notation) -> Iterator[Cell]:
    groups: dict[str, list[Operation]] = {}
    for op in graph.operations:
        groups.setdefault(group_of[op.name], []).append(op)
    for group, ops in groups.items():
        counts = Counter(layer.full for layer in map(notation, ops) if layer is not None)
        if counts:
            blocks = (Block((_times(number, text),)) for text, number in counts.items())
            yield Cell(group, tuple(blocks), ops[-1].output_shape[1:])


def _times(number: int, text: str) -> str:
    return f"{number} × {text}" if number > 1 else text


def configurations(graphs: Mapping[str, Graph]) -> Configurations:
    """The table of the networks whose graphs are given by key, in that order."""
    found = {
        key: cells(g, cnn_models.spec(key).stages, _NOTATIONS.get(registry.file_of(key), plain))
        for key, g in graphs.items()
    }
    rows, placed = _aligned(list(found.values()))
    columns: dict[tuple[Cell | None, ...], list[str]] = {}
    for key, held in zip(found, placed, strict=True):
        columns.setdefault(tuple(held.get(row) for row in rows), []).append(key)
    titles = [row.title for row in rows]
    shown = [t if i == 0 or t != titles[i - 1] else "" for i, t in enumerate(titles)]
    return Configurations(
        tuple(shown),
        tuple(Column(tuple(keys), depth(graphs[keys[0]]), held) for held, keys in columns.items()),
    )


def title(stage: str) -> str:
    """What the papers call a stage, such as "conv2_x" for "layer1"; else the module's name."""
    for pattern, rename in _TITLES:
        match = pattern.fullmatch(stage)
        if match:
            return rename(match)
    return re.sub(r"^\w+s\.", "", stage)  # "blocks.block1": a list of them says nothing more


@dataclass(frozen=True)
class _Line:
    """A layer with the stage and the block that it stands in."""

    layer: Layer
    stage: str
    block: str
    shape: Shape


def _lines(part: Part, group_of: Mapping[str, str], notation: Notation) -> Iterator[_Line]:
    home = _home(part)
    stage = group_of.get(home.name, home.name.removesuffix(".conv"))  # the layer is its own stage
    below = home.name.removeprefix(f"{stage}.")
    block = below.split(".")[0] if below != home.name else home.name
    shown = layers(part, notation)
    for layer in shown:
        before_pool = shown[-1].pools and not layer.pools
        yield _Line(layer, stage, block, (home if before_pool else part.op).output_shape)


def _home(part: Part) -> Operation:
    """The operation that says where a part stands: its first with weights."""
    return next((op for op in operations((part,)) if op.kind in WEIGHTED), part.op)


def _with_heads(lines: Sequence[_Line]) -> list[_Line]:
    """Global poolings go into the stage behind them."""
    found = list(lines)
    for i in reversed(range(len(found) - 1)):
        if found[i].layer.text.startswith("global"):
            found[i] = replace(found[i], stage=found[i + 1].stage)
    return found


def _row(line: _Line) -> tuple[str, str]:
    return line.stage, line.block if line.layer.pools else ""


def _blocks(lines: Sequence[_Line]) -> Iterator[tuple[Block, bool]]:
    """The blocks, and whether equal ones are to be counted rather than listed."""
    for _, run in groupby(lines, key=lambda line: line.block):
        held = [line.layer for line in run]
        if len(held) == 1:
            yield Block((held[0].full,)), held[0].joins
        elif len(held) <= _MOST_LINES:
            yield Block(tuple(layer.text for layer in held)), True
        else:
            counts = Counter(layer.full for layer in held)
            yield Block(tuple(_times(number, text) for text, number in counts.items())), True


def _repeated(blocks: Iterator[tuple[Block, bool]]) -> Iterator[Block]:
    for (block, counted), run in groupby(blocks):
        times = len(list(run))
        if counted or times > _SINGLES:
            yield replace(block, times=times)
        else:
            yield from [block] * times


@dataclass(eq=False)
class _Row:
    """A row of the table: the title of a stage, and the number of the cell within the stage."""

    title: str
    number: int


def _aligned(columns: Sequence[Sequence[Cell]]) -> tuple[list[_Row], list[dict[_Row, Cell]]]:
    """Rows that hold every column in its order; equal stages share a row where they can."""
    rows: list[_Row] = []
    placed: list[dict[_Row, Cell]] = []
    for column in columns:
        held: dict[_Row, Cell] = {}
        place = 0
        for name, run in groupby(column, key=lambda cell: title(cell.stage)):
            for number, cell in enumerate(run):
                place = _place(rows, place, name, number)
                held[rows[place]] = cell
                place += 1
        placed.append(held)
    return rows, placed


def _place(rows: list[_Row], start: int, title: str, number: int) -> int:
    """Where from `start` on the row is; it is made at `start` if it is nowhere."""
    for place in range(start, len(rows)):
        if (rows[place].title, rows[place].number) == (title, number):
            return place
    rows.insert(start, _Row(title, number))
    return start
