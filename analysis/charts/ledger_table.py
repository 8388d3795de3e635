"""The ledger as tables: figures large, how they were got small beneath or beside them.

HTML and not a data frame: a cell holds several figures with their protocols, and a phone needs
them to wrap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from analysis.structure.ledger import Entry, Ledger, Remark, Row

MOST = 5  # remarks that stand open; one more is not worth a click

_SMALL = "font-size:0.8em;opacity:0.8;line-height:1.3;font-weight:normal"
_CELL = "vertical-align:top;padding:0.35rem 0.5rem;overflow-wrap:anywhere"
_NAME = "text-align:left;padding:0.35rem 0.5rem;background:rgba(138,144,160,0.15)"
_FIGURE = f"{_CELL};width:5.5rem;text-align:right;font-weight:bold"


def html(ledger: Ledger) -> str:
    """What is counted, and below it what was measured; "–" where there is none to give."""
    counts = [row for row in ledger.rows if not _is_error(row)]
    errors = [row for row in ledger.rows if _is_error(row)]
    none = "" if ledger.owner else f'<p style="{_SMALL}">Public weights: none known.</p>'
    return f"{_counts(counts, ledger.owner)}{none}{_errors(errors, ledger.owner)}"


def opened(remarks: Sequence[Remark]) -> tuple[list[Remark], list[Remark]]:
    """The remarks to read first, and the others: the first of each topic, then up to MOST."""
    if len(remarks) <= MOST + 1:
        return list(remarks), []
    firsts = {remark.topic: remark for remark in reversed(remarks)}
    ranked = sorted(remarks, key=lambda remark: remark is not firsts[remark.topic])
    first, others = ranked[:MOST], ranked[MOST:]
    return [r for r in remarks if r in first], [r for r in remarks if r in others]


def bullets(remarks: Iterable[Remark]) -> str:
    """One line of Markdown a remark, with its topic."""
    return "\n".join(f"- **{r.topic.capitalize()}**: {r.sentence}" for r in remarks)


def _is_error(row: Row) -> bool:
    return row.quantity.endswith("error")


def _counts(rows: Iterable[Row], owner: str | None) -> str:
    """The name of the quantity across the table, so that three columns fit on a phone."""
    heads = [_head("printed", ""), _head("built here", "")]
    if owner:
        heads.append(_head("public weights", owner))
    body = "".join(_row(row, len(heads)) for row in rows)
    return (
        '<table style="width:100%;table-layout:fixed">'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>"
    )


def _head(title: str, more: str) -> str:
    under = f'<div style="{_SMALL}">{escape(more)}</div>' if more else ""
    return f'<th scope="col" style="{_CELL}">{title}{under}</th>'


def _row(row: Row, columns: int) -> str:
    cells = "".join(_cell(entries) for entries in (row.paper, row.here, row.owner)[:columns])
    name = f'<th scope="rowgroup" colspan="{columns}" style="{_NAME}">{escape(row.quantity)}</th>'
    return f"<tr>{name}</tr><tr>{cells}</tr>"


def _cell(entries: Sequence[Entry]) -> str:
    shown = "".join(
        f'<div style="margin-bottom:0.25rem"><b>{escape(entry.value)}</b>'
        f'<div style="{_SMALL}">{escape(entry.note)}</div></div>'
        for entry in entries
    )
    return f'<td style="{_CELL}">{shown or "–"}</td>'


def _errors(rows: Sequence[Row], owner: str | None) -> str:
    """One line a way of measuring, with a column for each kind of error."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col" style="{_FIGURE}">{escape(row.quantity)}</th>' for row in rows)
    printed = _measured("printed", [row.paper for row in rows])
    weights = _measured(f"public weights: {owner}", [row.owner for row in rows])
    return (
        '<table style="width:100%;margin-top:0.8rem">'
        f'<thead><tr><th scope="col" style="{_CELL};text-align:left">how measured</th>{head}</tr>'
        f"</thead><tbody>{''.join([*printed, *weights])}</tbody></table>"
    )


def _measured(title: str, columns: Sequence[Sequence[Entry]]) -> Iterator[str]:
    """The figures of each column on the lines of their notes; nothing where there are none."""
    notes = dict.fromkeys(entry.note for column in columns for entry in column)
    if notes:
        yield (
            f'<tr><th scope="rowgroup" colspan="{len(columns) + 1}" style="{_NAME}">'
            f"{escape(title)}</th></tr>"
        )
    for note in notes:
        values = (", ".join(e.value for e in column if e.note == note) for column in columns)
        figures = "".join(f'<td style="{_FIGURE}">{escape(value)}</td>' for value in values)
        yield f'<tr><td style="{_CELL};{_SMALL}">{escape(note)}</td>{figures}</tr>'
