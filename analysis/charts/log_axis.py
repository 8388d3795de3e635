"""Logarithmic axes whose ticks read as amounts: 10 M, 100 M, 1 G."""

from __future__ import annotations

import math
from collections.abc import Sequence

_MARGIN = 0.08  # of the span, at both ends


def span(values: Sequence[float], margin: float = _MARGIN) -> tuple[float, float]:
    """Powers of ten at which an axis begins and ends, so that all values stand inside.

    Raises:
        ValueError: if there is no value, or one is not above zero.
    """
    if not len(values) or min(values) <= 0:
        raise ValueError("A logarithmic axis needs values, all above zero.")
    low, high = math.log10(min(values)), math.log10(max(values))
    room = margin * max(high - low, 1)
    return low - room, high + room


def ticks(low: float, high: float) -> list[float]:
    """Round values between two powers of ten: 1 and, where there is room, 3 of each decade."""
    steps = (1, 3) if high - low < 5 else (1,)
    decades = range(math.floor(low), math.ceil(high) + 1)
    values = [step * 10.0**decade for decade in decades for step in steps]
    return [value for value in values if low <= math.log10(value) <= high]
