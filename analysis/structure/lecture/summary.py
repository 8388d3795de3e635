"""The checks of all claims in one table, counted by deck, and what to notice in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

import pandas as pd

from analysis.amounts import listed
from analysis.structure.lecture.checks import Check
from analysis.structure.lecture.claims import Claim, collection
from analysis.structure.lecture.findings import Link
from analysis.structure.lecture.verdict import Verdict

COLUMNS = ("claim", "verdict", "statement", "the deck says", "computed", "reason", "decks", "see")


def table(claims: Sequence[Claim], checks: Iterable[Check]) -> pd.DataFrame:
    """One row a claim, in order; what is not among `checks` has empty cells.

    Columns, all text: "claim" (its name in an address), "verdict", "statement", "the deck says",
    "computed", "reason", "decks" (their titles), and "see" (the address of the page that shows
    it).
    """
    known = {check.claim.id: check for check in checks}
    rows = [_row(claim, known.get(claim.id)) for claim in claims]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def _row(claim: Claim, check: Check | None) -> tuple[str, ...]:
    decks = listed(collection().decks[name] for name in claim.decks)
    first = (claim.id, check.verdict.value if check else "", claim.statement, claim.as_stated)
    if check is None:
        return (*first, "", "", decks, "")
    return (*first, check.computed, check.reason, decks, address(check.where))


def address(link: Link | None) -> str:
    """The link as an address beside that of the page it stands on; empty for None."""
    if link is None:
        return ""
    query = urlencode(link.query, doseq=True)
    return f"{link.page}?{query}" if query else link.page


def by_deck(claims: Sequence[Claim], checks: Iterable[Check]) -> pd.DataFrame:
    """How many claims of each deck have each verdict; claims without a check count as open.

    One row a deck, indexed by title, in the order of the lectures; one column a verdict, by its
    key. A claim that stands in several decks counts in each of them.
    """
    known = {check.claim.id: check.verdict for check in checks}
    counts = Counter(
        (deck, known.get(claim.id, Verdict.OPEN)) for claim in claims for deck in claim.decks
    )
    decks = collection().decks
    return pd.DataFrame(
        [[counts[deck, verdict] for verdict in Verdict] for deck in decks],
        index=pd.Index(decks.values(), name="deck"),
        columns=[verdict.key for verdict in Verdict],
    )


def notice(checks: Sequence[Check]) -> str:
    """How many claims have each verdict, and which topic has most that do not hold.

    While some claims of the collection are still missing, it speaks of the first ones only.
    """
    counts = Counter(check.verdict for check in checks)
    complete = len(checks) == len(collection().claims)
    said = (
        f"Of {'' if complete else 'the first '}{len(checks)} claims, "
        f"{counts[Verdict.HOLDS] + counts[Verdict.ROUNDED]} hold as they stand, "
        f"{counts[Verdict.ROUNDED]} of them after rounding; {counts[Verdict.READING]} hold under "
        f"a reading that the slide does not give, {counts[Verdict.FAILS]} do not hold, and "
        f"{counts[Verdict.OPEN]} are not yet checked."
    )
    wrong = Counter(check.claim.topic for check in checks if check.verdict is Verdict.FAILS)
    if not complete or not wrong:
        return said
    topic, most = wrong.most_common(1)[0]
    return (
        f"{said} {most} of the {counts[Verdict.FAILS]} that do not hold are about "
        f"{collection().topics[topic]}."
    )
