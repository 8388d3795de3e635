"""The four counts of one network, and what each difference is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.structure.counters import by_atlas, by_flop_counter, by_fvcore, by_torchinfo, causes
from analysis.structure.counters.causes import UNIT, Piece
from analysis.structure.counters.rows import CannotCount, Count
from analysis.structure.counters.subject import Subject
from analysis.structure.counters.work import Work, beside

COUNTERS = {each.TOOL: each for each in (by_atlas, by_torchinfo, by_fvcore, by_flop_counter)}

UNITS = (1, 2)  # what a tool may count for one multiply-add


@dataclass(frozen=True)
class Account:
    """One tool's count of one network, explained.

    `unit` is what the tool counts for one multiply-add: the one with which rules explain most of
    its rows. `works` are as the tool prints them. `pieces` sum to `count.total - ours`, but for
    `remainder`, which is 0 as long as a rule explains every row.
    """

    count: Count
    unit: int
    ours: int
    works: tuple[Work, ...]
    pieces: tuple[Piece, ...]

    @property
    def difference(self) -> int:
        """What the tool prints, less our multiply-adds."""
        return self.count.total - self.ours

    @property
    def remainder(self) -> int:
        """What the pieces do not cover, and what no rule explains."""
        named = (piece.amount for piece in self.pieces if piece.cause != causes.UNEXPLAINED)
        return self.difference - sum(named)


@dataclass(frozen=True)
class Comparison:
    """All tools that could count the network, and for the others the sentence why not."""

    accounts: Mapping[str, Account]
    refusals: Mapping[str, str]


def compare(subject: Subject) -> Comparison:
    """Count `subject` with every tool and explain each difference to our own count."""
    return gathered({tool: counted(subject, tool) for tool in COUNTERS})


def counted(subject: Subject, tool: str) -> Account | str:
    """The count of one of COUNTERS, explained, or the sentence why it cannot count this."""
    try:
        return account(subject, COUNTERS[tool].count(subject))
    except CannotCount as refusal:
        return str(refusal)


def gathered(results: Mapping[str, Account | str]) -> Comparison:
    """What `counted` gave for each tool, as one comparison."""
    accounts = {tool: one for tool, one in results.items() if isinstance(one, Account)}
    refusals = {tool: one for tool, one in results.items() if isinstance(one, str)}
    return Comparison(accounts, refusals)


def account(subject: Subject, count: Count) -> Account:
    """One tool's count, explained row by row."""
    works = beside(subject, count)
    unit = min(UNITS, key=lambda unit: _unexplained(works, unit))  # the first of equals
    scaled = _scaled(works, unit)
    twice = (_doubled(work, one) for work, one in zip(works, scaled, strict=True))
    pieces = (*(piece for piece in twice if piece.amount), *causes.pieces(scaled))
    return Account(count, unit, subject.graph.totals().macs, works, pieces)


def _unexplained(works: tuple[Work, ...], unit: int) -> int:
    """In how many modules no rule gives the difference, if the tool counts in this unit."""
    found = causes.pieces(_scaled(works, unit))
    uneven = sum(work.theirs % unit > 0 for work in works)
    return uneven + sum(piece.cause == causes.UNEXPLAINED for piece in found)


def _scaled(works: tuple[Work, ...], unit: int) -> tuple[Work, ...]:
    return tuple(replace(work, theirs=work.theirs // unit) for work in works)


def _doubled(work: Work, scaled: Work) -> Piece:
    rule = "2 for each: a product and a sum"
    return Piece(UNIT, rule, work.kind, work.module, work.theirs - scaled.theirs)
