"""Rows of a table by the values of some columns."""

from __future__ import annotations

import numpy as np
import pandas as pd


def where(rows: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows in which every column that is named has the value that is given."""
    kept = [np.asarray(rows[column] == value) for column, value in values.items()]
    return rows.take(np.flatnonzero(np.logical_and.reduce(kept)))
