"""Torch's own `torch.utils.flop_counter.FlopCounterMode`, on meta tensors."""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.structure.counters.rows import Count, Row, watching
from analysis.structure.counters.subject import Subject

TOOL = "FlopCounterMode"


class _NoTracker:
    """In place of torch's module tracker, whose hooks see the networks of all threads."""

    parents = frozenset({"Global"})

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def count(subject: Subject) -> Count:
    """What the mode prints for one image. It counts no parameters."""
    counter = FlopCounterMode(display=False)
    counter.mod_tracker = _NoTracker()  # type: ignore[assignment]  # has what the mode uses

    def shown() -> dict[str, int]:
        counts = counter.get_flop_counts().get("Global", {})
        return {str(operator): int(amount) for operator, amount in counts.items()}

    with torch.no_grad(), counter, watching(subject.model, shown) as hand:
        subject.model(subject.batch())
        hand.settle(shown())
    rows = tuple(
        Row(module, operator, amount // subject.images)
        for (module, operator), amount in hand.moved.items()
    )
    return Count(TOOL, rows, None)
