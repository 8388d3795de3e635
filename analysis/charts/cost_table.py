"""The sum of every layer, one line each, so that a class can follow it to the digit.

HTML and not a data frame: the layers stand under the name of their block, and its sum below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from analysis.amounts import exact, listed, percent
from analysis.charts.html_table import scrolling
from analysis.structure.costs import COSTS, DeckNote, Side

_RIGHT = "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_LEFT = "text-align:left"
_LABEL = f"{_LEFT};min-width:6.5rem"
_SUM = "text-align:right;min-width:8.5rem"  # breaks on a phone, where a line is too short
_VERDICT = f"{_LEFT};min-width:16rem"


def html(sides: Sequence[Side], cost: str) -> str:
    """Layer, the numbers put in, what they come to and its share; then the sum of each side."""
    heads = (
        f'<th style="{_LEFT}">layer</th><th colspan="2" style="{_RIGHT}">{COSTS[cost].unit}</th>'
    )
    rows = [f'<tr>{heads}<th style="{_RIGHT}">share</th></tr>']
    for side in sides:
        rows += _of_a_side(side, cost)
    return scrolling("".join(rows))


def rules(sides: Sequence[Side], cost: str) -> str:
    """Markdown: the rule behind the lines of the table, for the kinds of layer that share it."""
    kinds: dict[str, dict[str, None]] = {}
    for term in (term for side in sides for term in side.terms if term.amount(cost)):
        kinds.setdefault(term.rule_of(cost), {})[term.kind] = None
    unit = COSTS[cost].unit
    return "  \n".join(f"{listed(kinds[rule])}: {unit} = {rule}" for rule in kinds)


def notes(found: Sequence[DeckNote]) -> str:
    """What is printed, where, what the sum gives, and how the printed number came about."""
    names = ("printed", "where", "quantity", "the sum gives", "verdict")
    rows = [_row([(name, _LEFT) for name in names], "th")]
    for note in found:
        cells = (note.printed, note.source, note.quantity, note.computed)
        rows.append(_row([*((cell, _LEFT) for cell in cells), (note.reading, _VERDICT)]))
    return scrolling("".join(rows))


def _of_a_side(side: Side, cost: str) -> Iterator[str]:
    total = side.amount(cost)
    yield f'<tr><th colspan="4" style="{_LEFT}">{escape(side.name)}</th></tr>'
    for term in side.terms:
        value = term.amount(cost)
        share = percent(value / total) if value else ""
        sums = f"{term.numbers_of(cost)} =" if value else "nothing to multiply"
        cells = ((term.label, _LABEL), (sums, _SUM), (exact(value), _RIGHT), (share, _RIGHT))
        yield _row(cells)
    shape = " × ".join(map(str, (*side.output_shape[1:], side.output_shape[0])))
    yield _row(
        ((f"output {shape}", _LABEL), ("sum =", _RIGHT), (exact(total), _RIGHT), ("", _RIGHT)), "th"
    )


def _row(cells: Sequence[tuple[str, str]], tag: str = "td") -> str:
    drawn = (f'<{tag} style="{style}">{escape(text)}</{tag}>' for text, style in cells)
    return f"<tr>{''.join(drawn)}</tr>"
