"""Errors of several seeds as one row."""

from __future__ import annotations

import pandas as pd


def spread(rows: pd.DataFrame, by: list[str], *, is_sorted: bool) -> pd.DataFrame:
    """One row a group: `by`, mean, low and high of `error`, and the share of seeds that diverged.

    Groups come in order of their values if `is_sorted`, else as they come in `rows`.
    """
    found = rows.groupby(by, sort=is_sorted).agg(
        mean=("error", "mean"),
        low=("error", "min"),
        high=("error", "max"),
        diverged=("diverged", "mean"),
    )
    return found.reset_index()
