"""What is saved, in one sentence."""

from __future__ import annotations

from analysis import amounts
from analysis.structure.costs.terms import COSTS, Side

_TIMES = 1.2  # from this ratio on a factor says more than a percentage


def saving(before: Side, after: Side, cost: str) -> str:
    """Both sums, and the factor or the percentage between them; `cost` is a key of COSTS."""
    old, new = before.amount(cost), after.amount(cost)
    is_close = old != new and amounts.short(old) == amounts.short(new)
    written = amounts.exact if is_close else amounts.short
    return (
        f"The {after.name} has **{written(new)}** {COSTS[cost].unit}, the {before.name} has "
        f"**{written(old)}**: {_compared(old, new)}."
    )


def _compared(old: int, new: int) -> str:
    if old == new:
        return "as many"
    direction = "fewer" if new < old else "more"
    ratio = max(old, new) / min(old, new)
    if ratio >= _TIMES:
        return f"**{ratio:.3g} times {direction}**"
    return f"**{100 * abs(new - old) / old:.2g}% {direction}**"
