"""The four counts of one network, and what each difference is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median

from analysis.structure.counters import by_atlas, by_flop_counter, by_fvcore, by_torchinfo, causes
from analysis.structure.counters.causes import UNIT, Piece
from analysis.structure.counters.rows import CannotCount, Count
from analysis.structure.counters.subject import Subject
from analysis.structure.counters.work import Work, beside

COUNTERS = (by_atlas, by_torchinfo, by_fvcore, by_flop_counter)


@dataclass(frozen=True)
class Account:
    """One tool's count of one network, explained.

    `unit` is what the tool counts for one multiply-add, found from the rows. `works` are in
    multiply-adds: what the tool counts divided by `unit`. `pieces` sum to `count.total - ours`,
    but for `remainder`, which is 0 as long as every difference has been seen.
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
    accounts, refusals = {}, {}
    for counter in COUNTERS:
        try:
            accounts[counter.TOOL] = account(subject, counter.count(subject))
        except CannotCount as refusal:
            refusals[counter.TOOL] = str(refusal)
    return Comparison(accounts, refusals)


def account(subject: Subject, count: Count) -> Account:
    """One tool's count, explained row by row."""
    printed = beside(subject, count)
    unit = _unit(printed)
    works = tuple(replace(work, theirs=work.theirs // unit) for work in printed)
    pieces = list(causes.pieces(works))
    doubled = sum(work.theirs for work in printed) - sum(work.theirs for work in works)
    if doubled:
        first = next(work for work in printed if work.theirs)
        pieces.insert(0, Piece(UNIT, "a FLOP count: one for the product, one for the sum",
                               "all that it counts", first.module, doubled))  # fmt: skip
    return Account(count, unit, subject.graph.totals().macs, works, tuple(pieces))


def _unit(works: tuple[Work, ...]) -> int:
    """How often the tool counts a multiply-add: the middle of what its rows say."""
    ratios = [work.theirs / work.ours for work in works if work.ours and work.theirs]
    return max(1, round(median(ratios))) if ratios else 1
