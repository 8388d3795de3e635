"""A mean of a few grades, and how far it can be trusted: intervals at 95%."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.95


class Mean(NamedTuple):
    """A mean of `n` values and the ends of its interval; all are nan where there are no values."""

    mean: float
    low: float
    high: float
    n: int


def share(hits: Sequence[float] | np.ndarray) -> Mean:
    """A share of hits, each 0 to 1, with Wilson's interval for a proportion (Wilson 1927)."""
    n = len(hits)
    if n == 0:
        return Mean(math.nan, math.nan, math.nan, 0)
    z, p = float(stats.norm.ppf((1 + LEVEL) / 2)), float(np.mean(hits))
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Mean(p, max(0.0, middle - half), min(1.0, middle + half), n)


def mean(values: Sequence[float] | np.ndarray, least: float = 0, most: float = 1) -> Mean:
    """The mean with Student's interval, cut off at the `least` and `most` that a value can be.

    Of a single value the interval is that value.
    """
    n = len(values)
    if n == 0:
        return Mean(math.nan, math.nan, math.nan, 0)
    centre = float(np.mean(values))
    if n == 1:
        return Mean(centre, centre, centre, 1)
    error = float(np.std(values, ddof=1)) / math.sqrt(n)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * error
    return Mean(centre, max(least, centre - half), min(most, centre + half), n)
