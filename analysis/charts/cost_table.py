"""The sum of every layer, one line each, so that a class can follow it to the digit.

HTML and not a data frame: the layers stand under the name of their block, and its sum below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from analysis.amounts import exact, percent
from analysis.charts.html_table import scrolling
from analysis.structure.costs import COSTS, DeckNote, Side

_RIGHT = "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_LEFT = "text-align:left"
_CALM = f"{_LEFT};white-space:nowrap"


def html(sides: Sequence[Side], cost: str) -> str:
    """Layer, the numbers put in, what they come to and its share; then the sum of each side."""
    heads = (("layer", _LEFT), (COSTS[cost].unit, _RIGHT), ("", _RIGHT), ("share", _RIGHT))
    rows = [_row(heads, "th")]
    for side in sides:
        rows += _of_a_side(side, cost)
    return scrolling("".join(rows))


def notes(found: Sequence[DeckNote]) -> str:
    """Markdown: what is printed and where, what the sum gives, and how the printed came about."""
    return "\n".join(
        f"- **{note.printed}** ({note.source}): {note.quantity}; the sum gives "
        f"**{note.computed}**. {note.reading}"
        for note in found
    )


def _of_a_side(side: Side, cost: str) -> Iterator[str]:
    total = side.amount(cost)
    yield f'<tr><th colspan="4" style="{_LEFT}">{escape(side.name)}</th></tr>'
    for term in side.terms:
        value = term.amount(cost)
        share = percent(value / total) if value else ""
        sums = f"{term.numbers_of(cost)} =" if value else "nothing to multiply"
        cells = ((term.label, _CALM), (sums, _RIGHT), (exact(value), _RIGHT), (share, _RIGHT))
        yield _row(cells)
    shape = " × ".join(map(str, (*side.output_shape[1:], side.output_shape[0])))
    yield _row(
        ((f"output {shape}", _CALM), ("sum =", _RIGHT), (exact(total), _RIGHT), ("", _RIGHT)), "th"
    )


def _row(cells: Sequence[tuple[str, str]], tag: str = "td") -> str:
    drawn = (f'<{tag} style="{style}">{escape(text)}</{tag}>' for text, style in cells)
    return f"<tr>{''.join(drawn)}</tr>"
