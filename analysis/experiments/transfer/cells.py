"""A confusion matrix in words, and its classes in a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.amounts import counted
from analysis.experiments.transfer.evaluation import Evaluation


def named(found: Evaluation) -> dict[tuple[int, int], str]:
    """Every cell with a picture, by right class and answer; the fullest wrong ones first."""
    counts = found.confusion()
    cells = [(int(truth), int(answer)) for truth, answer in np.argwhere(counts)]
    cells.sort(key=lambda cell: (cell[0] == cell[1], -counts[cell], cell))
    return {cell: _in_words(found, cell, int(counts[cell])) for cell in cells}


def _in_words(found: Evaluation, cell: tuple[int, int], count: int) -> str:
    truth, answer = (found.classes[place] for place in cell)
    what = f"{truth}, recognised" if truth == answer else f"{truth}, taken for {answer}"
    return f"{what}: {counted(count, 'picture')}"


def table(found: Evaluation) -> pd.DataFrame:
    """`Evaluation.per_class` with precision and recall in percent."""
    rows = found.per_class()
    shares = ["precision", "recall"]
    return rows.assign(**{name: 100 * rows[name] for name in shares})
