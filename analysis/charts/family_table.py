"""The configurations of a family as a table: in the layout of the papers, read off the graphs.

HTML and not a data frame: blocks stand in brackets over several lines, and what several networks
have in common stands in one cell across their columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from analysis.charts.html_table import scrolling
from analysis.structure.refusals import shape_text
from analysis.structure.variants import Block, Cell, Column, Configurations

MOST_COLUMNS = 6  # networks side by side; more of them stand one below the other
_WIDE = 3  # networks side by side whose branches fit on a line each

_SMALL = "font-size:0.8em;opacity:0.8"
_MIDDLE = "text-align:center;vertical-align:middle"
# A cell across columns that are wider than the screen shows its text all the same.
_IN_SIGHT = "display:inline-block;position:sticky;left:0.5rem;right:0.5rem"
_BRACKET = (
    "display:inline-block;padding:0 0.45em;border:solid currentColor;border-width:0 2px;"
    "border-radius:5px;text-align:left;line-height:1.35"
)


def html(table: Configurations, names: Mapping[str, str], chosen: str) -> str:
    """One column a network, or one row a network where there are more than MOST_COLUMNS.

    `names` gives the name to show for each key; that of `chosen` is bold, the others are links.
    """
    wide = len(table.columns) <= MOST_COLUMNS
    body = _upright(table, names, chosen) if wide else _lying(table, names, chosen)
    return scrolling(body)


def _upright(table: Configurations, names: Mapping[str, str], chosen: str) -> str:
    heads = "".join(_head(column, names, chosen, "col") for column in table.columns)
    narrow = len(table.columns) > _WIDE
    lines = [f"<tr><th></th><th>output</th>{heads}</tr>"]
    for number, title in enumerate(table.rows):
        cells = [column.cells[number] for column in table.columns]
        sizes = _sizes(cells)
        shown = "".join(
            _cell(cell, len(list(run)), with_size=len(sizes) > 1, narrow=narrow)
            for cell, run in groupby(cells)
        )
        size = sizes[0] if len(sizes) == 1 else ""
        lines.append(
            f'<tr><th scope="row" style="text-align:left">{escape(title)}</th>'
            f'<td style="{_MIDDLE};white-space:nowrap">{size}</td>{shown}</tr>'
        )
    return "".join(lines)


def _lying(table: Configurations, names: Mapping[str, str], chosen: str) -> str:
    columns = list(
        zip(table.rows, zip(*(c.cells for c in table.columns), strict=True), strict=True)
    )
    heads = "".join(_stage_head(title, _sizes(cells)) for title, cells in columns)
    lines = [f"<tr><th></th>{heads}</tr>"]
    for row in table.columns:
        shown = "".join(
            _cell(cell, 1, with_size=len(_sizes(cells)) > 1, narrow=True)
            for cell, (_, cells) in zip(row.cells, columns, strict=True)
        )
        lines.append(f"<tr>{_head(row, names, chosen, 'row')}{shown}</tr>")
    return "".join(lines)


def _stage_head(title: str, sizes: Sequence[str]) -> str:
    size = sizes[0] if len(sizes) == 1 else ""
    return (
        f'<th scope="col" style="{_MIDDLE}">{escape(title)}'
        f'<div style="{_SMALL};font-weight:normal;white-space:nowrap">{size}</div></th>'
    )


def _head(column: Column, names: Mapping[str, str], chosen: str, scope: str) -> str:
    shown = "".join(
        f'<div style="min-width:4.5rem">{_linked(key, names[key], chosen)}</div>'
        for key in column.keys
    )
    layers = f'<div style="{_SMALL};font-weight:normal">{column.depth} layers</div>'
    return f'<th scope="{scope}" style="{_MIDDLE};font-weight:normal">{shown}{layers}</th>'


def _linked(key: str, name: str, chosen: str) -> str:
    if key == chosen:
        return f"<b>{escape(name)}</b>"
    return f'<a href="architecture?networks={quote(key)}" target="_self">{escape(name)}</a>'


def _sizes(cells: Sequence[Cell | None]) -> list[str]:
    """The sizes of the maps that come out, each once; none for values without a place."""
    return list(dict.fromkeys(shape_text(cell.size) for cell in cells if cell is not None))


def _cell(cell: Cell | None, across: int, *, with_size: bool, narrow: bool) -> str:
    span = f' colspan="{across}"' if across > 1 else ""
    if cell is None:
        return f'<td{span} style="{_MIDDLE}">–</td>'
    shown = "".join(
        f'<div style="margin:0.15em 0">{_block(block, narrow)}</div>' for block in cell.blocks
    )
    size = f'<div style="{_SMALL}">{shape_text(cell.size)}</div>' if with_size else ""
    inner = f'<div style="{_IN_SIGHT}">{shown}{size}</div>'
    return f'<td{span} style="{_MIDDLE}">{inner}</td>'


def _block(block: Block, narrow: bool) -> str:
    """Lines in brackets with their number; a single layer without."""
    lines = [line for text in block.layers for line in _branches(text)]
    if narrow:
        lines = [step for line in lines for step in _steps(line)]
    if block.times == 1 and len(lines) == 1:
        return f'<span style="line-height:1.35;white-space:nowrap">{escape(lines[0])}</span>'
    times = f"&nbsp;× {block.times}" if block.times > 1 or len(block.layers) > 1 else ""
    inner = "<br>".join(escape(line) for line in lines)
    return (
        '<span style="display:inline-flex;align-items:center;white-space:nowrap">'
        f'<span style="{_BRACKET}">{inner}</span>{times}</span>'
    )


def _steps(line: str) -> list[str]:
    """The layers of a branch below each other, all but the first moved in."""
    if "(" in line:
        return [line]
    first, *others = line.split(" → ")
    return [first, *(f"\N{NO-BREAK SPACE}→ {other}" for other in others)]


def _branches(text: str) -> list[str]:
    """The branches of a fork, a line each; those in parentheses stay where they are."""
    lines = [""]
    for part in text.split(" | "):
        open_before = lines[-1].count("(") > lines[-1].count(")")
        if open_before:
            lines[-1] += f" | {part}"
        else:
            lines.append(part)
    return lines[1:]
