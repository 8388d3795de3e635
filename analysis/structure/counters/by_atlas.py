"""The multiply-adds of the traced graph, which is how this project counts."""

from __future__ import annotations

from collections import Counter

from analysis.structure.counters.rows import Count, Row
from analysis.structure.counters.subject import Subject

TOOL = "CNN Atlas"


def count(subject: Subject) -> Count:
    """Multiply-adds of convolutions, linear layers and matrix products, in evaluation."""
    amounts: Counter[tuple[str, str]] = Counter()
    for op in subject.graph.operations:
        if op.macs:
            amounts[subject.owner(op), op.kind] += op.macs
    rows = tuple(Row(module, kind, amount) for (module, kind), amount in amounts.items())
    return Count(TOOL, rows, subject.graph.totals().params)
