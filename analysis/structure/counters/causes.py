"""Why a tool counts something else than we do: rules that are tried on its rows.

A rule is never taken on trust: it explains a row only if its pieces sum to the row's difference.
Where several rules would do, the one wins that explains most rows of the same kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.structure.counters.work import Work

UNIT = "FLOPs, not multiply-adds"
BIAS = "Bias"
PLACES = "Linear layer on a map"
HEADS = "Auxiliary heads"
FUNCTIONS = "Functions outside of modules"
UNEXPLAINED = "Not explained"

MOST_EACH = 9  # a tool that counts more for each value would be no tool


@dataclass(frozen=True)
class Piece:
    """A part of the difference in one module, in multiply-adds: `amount` by `rule`, as `cause`."""

    cause: str
    rule: str
    kind: str
    module: str
    amount: int


@dataclass(frozen=True)
class Rule:
    """`pieces` of a work give (cause, rule, amount) where the rule could hold, else nothing."""

    name: str
    pieces: Callable[[Work], tuple[tuple[str, str, int], ...]]

    def explains(self, work: Work) -> bool:
        found = self.pieces(work)
        return bool(found) and sum(amount for _, _, amount in found) == work.theirs - work.ours


def _bias(work: Work) -> tuple[tuple[str, str, int], ...]:
    if not (work.ours and work.biases):
        return ()
    return ((BIAS, "1 for each value written", work.written),)


def _one_place(work: Work) -> tuple[tuple[str, str, int], ...]:
    if not (work.ours and work.weights):
        return ()
    once = (PLACES, "counted for one place only", work.weights - work.ours)
    return (once, (BIAS, "1 for each bias", work.biases)) if work.biases else (once,)


def _left_out(work: Work) -> tuple[tuple[str, str, int], ...]:
    if not work.ours or work.theirs:
        return ()
    if work.is_module:
        return ((_title(work.kind), f"no rule for {work.kind}", -work.ours),)
    return ((FUNCTIONS, "only modules are seen", -work.ours),)


def _not_run(work: Work) -> tuple[tuple[str, str, int], ...]:
    if work.in_graph:
        return ()
    return ((HEADS, "modules that only training runs", work.theirs),)


def _each(times: int, what: str, size: Callable[[Work], int]) -> Rule:
    def pieces(work: Work) -> tuple[tuple[str, str, int], ...]:
        if work.ours or not size(work):
            return ()
        return ((_title(work.kind), f"{times} for each {what}", times * size(work)),)

    return Rule(f"{times} {what}", pieces)


def _title(kind: str) -> str:
    return kind[:1].upper() + kind[1:]


_FIXED = (
    Rule("not run", _not_run),
    Rule("bias", _bias),
    Rule("one place", _one_place),
    Rule("left out", _left_out),
)
_SIZES: tuple[tuple[str, Callable[[Work], int]], ...] = (
    ("trained number", lambda work: work.weights + work.biases),
    ("value read", lambda work: work.read),
    ("value written", lambda work: work.written),
)
RULES = _FIXED + tuple(
    _each(times, what, size) for times in range(1, MOST_EACH + 1) for what, size in _SIZES
)


def pieces(works: Sequence[Work]) -> Iterator[Piece]:
    """The difference of each work, taken apart; what no rule explains is a piece of its own."""
    left = [work for work in works if work.theirs != work.ours]
    for kind in dict.fromkeys((work.kind, work.in_graph) for work in left):
        yield from _of_kind([work for work in left if (work.kind, work.in_graph) == kind])


def _of_kind(works: list[Work]) -> Iterator[Piece]:
    fits = {id(work): [rule for rule in RULES if rule.explains(work)] for work in works}
    votes = Counter(rule.name for rules in fits.values() for rule in rules)
    for work in works:
        rules = fits[id(work)]
        if not rules:
            rule = "no rule that was tried gives this amount"
            yield Piece(UNEXPLAINED, rule, work.kind, work.module, work.theirs - work.ours)
            continue
        best = max(rules, key=lambda rule: votes[rule.name])  # the first of equals
        for cause, text, amount in best.pieces(work):
            if amount:
                yield Piece(cause, text, work.kind, work.module, amount)
