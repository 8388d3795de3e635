"""Tables and sentences of the counts: by tool, by cause, by layer, by kind of operation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.amounts import listed
from analysis.structure.counters import by_atlas
from analysis.structure.counters.causes import UNIT
from analysis.structure.counters.differences import Account, Comparison

OURS = by_atlas.TOOL
WHOLE = "the network"  # for what stands in no module of it


def totals(comparison: Comparison) -> pd.DataFrame:
    """One row a tool.

    Columns: "tool", "prints", "for one multiply-add" (what the tool counts for one), "difference"
    (to our multiply-adds), "not explained" (int64) and "parameters" (Int64, missing where the tool
    counts none).
    """
    rows = [
        {
            "tool": tool,
            "prints": account.count.total,
            "for one multiply-add": account.unit,
            "difference": account.difference,
            "not explained": account.remainder,
            "parameters": account.count.parameters,
        }
        for tool, account in comparison.accounts.items()
    ]
    return pd.DataFrame(rows).astype({"parameters": "Int64"})


def causes(comparison: Comparison) -> pd.DataFrame:
    """One row for each tool, cause and rule, the largest amounts of each tool first.

    Columns: "tool", "cause", "rule", "amount" (int64, what it adds, negative for what it leaves
    out), "operations" (how many of which kind) and "example" (the layer where it is most).
    """
    rows = [row for tool, account in comparison.accounts.items() for row in _causes(tool, account)]
    return pd.DataFrame(rows, columns=_CAUSES)


_CAUSES = ["tool", "cause", "rule", "amount", "operations", "example"]


def _causes(tool: str, account: Account) -> list[dict[str, Any]]:
    groups = defaultdict(list)
    for piece in account.pieces:
        groups[piece.cause, piece.rule].append(piece)
    rows = []
    for (cause, rule), pieces in groups.items():
        most = max(pieces, key=lambda piece: abs(piece.amount))
        kinds = Counter(piece.kind for piece in pieces)
        rows.append(
            {
                "tool": tool,
                "cause": cause,
                "rule": rule,
                "amount": sum(piece.amount for piece in pieces),
                "operations": ", ".join(f"{times} × {kind}" for kind, times in kinds.items()),
                "example": most.module or WHOLE,
            }
        )
    return sorted(rows, key=lambda row: -abs(row["amount"]))


def layers(comparison: Comparison) -> pd.DataFrame:
    """One row for each module that somebody counts, in order of the forward pass.

    Columns: "layer", "kind", then one a tool with what it prints (int64, 0 for nothing).
    """
    cells: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for tool, account in comparison.accounts.items():
        for work in account.works:
            cells[work.module or WHOLE, work.kind][tool] = work.theirs
    rows = [
        {"layer": layer, "kind": kind} | {tool: cell.get(tool, 0) for tool in comparison.accounts}
        for (layer, kind), cell in cells.items()
        if any(cell.values())
    ]
    return pd.DataFrame(rows, columns=["layer", "kind", *comparison.accounts])


def operators(comparison: Comparison) -> pd.DataFrame:
    """`layers` summed by kind of operation, the most of ours first; "layers" is their number."""
    tools = list(comparison.accounts)
    table = pd.DataFrame(layers(comparison).assign(layers=1).drop(columns="layer"))
    kinds = pd.DataFrame(table.groupby("kind", sort=False, as_index=False).sum())
    kinds = kinds.sort_values(tools, ascending=False, kind="stable")
    return kinds.reindex(columns=["kind", "layers", *tools])


def notice(comparison: Comparison) -> tuple[str, ...]:
    """What each other tool prints and what its difference to ours is made of, in a sentence."""
    return tuple(
        _sentence(tool, account) for tool, account in comparison.accounts.items() if tool != OURS
    )


def _sentence(tool: str, account: Account) -> str:
    prints = f"**{tool}** prints {account.count.total:,}"
    if not account.difference:
        return f"{prints}, the same {account.ours:,} multiply-adds as this project."
    than = "more" if account.difference > 0 else "less"
    told = f"{prints}, {abs(account.difference):,} {than} than the {account.ours:,} of this project"
    reasons = [
        f"{_signed(row['amount'])} from {_small(row['cause'])} ({row['rule']})"
        for row in _causes(tool, account)
    ]
    rest = f" {account.remainder:,} of it no rule explains." if account.remainder else ""
    return f"{told}: {listed(reasons)}.{rest}"


def _small(cause: str) -> str:
    return cause if cause == UNIT else cause[:1].lower() + cause[1:]


def _signed(amount: int) -> str:
    return f"{amount:+,}".replace("-", "−")


def skipped(comparison: Comparison) -> Iterator[str]:
    """What a tool says itself that it cannot count, in a sentence for each such tool."""
    for tool, account in comparison.accounts.items():
        if account.count.skipped:
            calls = sorted(account.count.skipped.items(), key=lambda item: -item[1])
            names = listed(f"`{name.removeprefix('aten::')}` ({times} ×)" for name, times in calls)
            yield f"{tool} says that it has no rule for {names}, and counts nothing there."


def parameters(comparison: Comparison) -> str:
    """Whether the tools agree on the parameters, in a sentence."""
    counts = {
        tool: account.count.parameters
        for tool, account in comparison.accounts.items()
        if account.count.parameters is not None
    }
    ours = counts.get(OURS)
    others = {tool: count for tool, count in counts.items() if count != ours}
    if not others:
        return f"{listed(counts)} all count {ours:,} parameters; the rest count none."
    told = listed(f"{tool} finds {count:,} ({_signed(count - (ours or 0))})"
                  for tool, count in others.items())  # fmt: skip
    return f"This project counts {ours:,} parameters, without auxiliary heads; {told}."


def remainders(comparison: Comparison) -> str:
    """What no rule explains, in a sentence."""
    left = {tool: one.remainder for tool, one in comparison.accounts.items() if one.remainder}
    if not left:
        return "Here nothing is left over: the amounts sum to the differences."
    told = listed(f"{amount:,} of {tool}" for tool, amount in left.items())
    return f"Here no rule explains {told}."


def notice_of_kinds(comparison: Comparison) -> str:
    """Which kinds only some of the tools count, in a sentence."""
    tools = list(comparison.accounts)
    told = []
    for row in operators(comparison).to_dict("records"):
        counts = {tool: row[tool] for tool in tools if row[tool]}
        if len(counts) < len(tools):
            counted = listed(f"{tool}: {count:,}" for tool, count in counts.items())
            told.append(f"{row['kind']} ({counted})")
    if not told:
        return "All tools count the same kinds of operations here; they differ in the rules."
    return f"Not all tools count {listed(told)}."
