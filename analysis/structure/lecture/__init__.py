"""What the lecture decks claim, recomputed: 200 claims, their checkers, one rule for verdicts."""

from analysis.structure.lecture.checks import CHECKERS, Check, check
from analysis.structure.lecture.claims import Claim, Collection, Stated, collection
from analysis.structure.lecture.findings import Link
from analysis.structure.lecture.sentences import arithmetic, reason
from analysis.structure.lecture.summary import address, by_deck, notice, table
from analysis.structure.lecture.verdict import Verdict

__all__ = [
    "CHECKERS",
    "Check",
    "Claim",
    "Collection",
    "Link",
    "Stated",
    "Verdict",
    "address",
    "arithmetic",
    "by_deck",
    "check",
    "collection",
    "notice",
    "reason",
    "table",
]
