"""The ledger as a table: figures large, how they were got small beneath them.

HTML and not a data frame: a cell holds several figures with their protocols, and a phone needs
them to wrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from analysis.structure.ledger import Entry, Ledger, Row

_SMALL = "font-size:0.8em;opacity:0.8;line-height:1.3;font-weight:normal"
_CELL = "vertical-align:top;padding:0.35rem 0.5rem;overflow-wrap:anywhere"
_NAME = "text-align:left;padding:0.35rem 0.5rem;background:rgba(138,144,160,0.15)"


def html(ledger: Ledger) -> str:
    """A line for each quantity, with its figures below; "–" where there is none to give."""
    heads = (("printed", ""), ("built here", ""), ("public weights", ledger.owner or "none known"))
    head = "".join(_head(title, more) for title, more in heads)
    body = "".join(_row(row) for row in ledger.rows)
    return (
        '<table style="width:100%;table-layout:fixed">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _head(title: str, more: str) -> str:
    under = f'<div style="{_SMALL}">{escape(more)}</div>' if more else ""
    return f'<th scope="col" style="{_CELL}">{title}{under}</th>'


def _row(row: Row) -> str:
    """The name of the quantity across the table, so that three columns fit on a phone."""
    cells = "".join(_cell(entries) for entries in (row.paper, row.here, row.owner))
    name = f'<th scope="rowgroup" colspan="3" style="{_NAME}">{escape(row.quantity)}</th>'
    return f"<tr>{name}</tr><tr>{cells}</tr>"


def _cell(entries: Sequence[Entry]) -> str:
    shown = "".join(
        f'<div style="margin-bottom:0.25rem"><b>{escape(entry.value)}</b>'
        f'<div style="{_SMALL}">{escape(entry.note)}</div></div>'
        for entry in entries
    )
    return f'<td style="{_CELL}">{shown or "–"}</td>'
