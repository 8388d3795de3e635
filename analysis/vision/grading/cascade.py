"""Weights that are lost from the top down: how soon each map changes.

Adebayo et al. 2018 (arXiv:1810.03292) call it cascading randomisation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from torch import nn

from analysis.progress import Report, silent
from analysis.vision.grading.exam import Exam
from analysis.vision.grading.explained import Explained, explained
from analysis.vision.grading.randomised import layers, randomised
from analysis.vision.grading.similarity import rank_correlation
from analysis.vision.probe import Shared

_SHARES = (0.1, 0.25, 0.5, 1.0)  # of the layers


@dataclass(frozen=True, eq=False)
class Cascade:
    """`rows`: columns method, layers, mean (of the rank correlation); `layers` in all."""

    rows: pd.DataFrame
    layers: int
    pictures: int


def cascade(
    model: nn.Module | Shared, exam: Exam, found: Explained, seed: int, report: Report = silent
) -> Cascade:
    """Compare the maps of a network with those of twins that lost their last layers.

    One layer, a tenth, a quarter and half of them and all are lost; `report` counts maps.
    """
    count = len(layers(model, exam.inputs[:1]))
    tops = sorted({1, *(max(1, round(share * count)) for share in _SHARES)})
    methods = list(found.maps)
    size = len(methods) * len(exam)
    rows = [(method, 0, 1.0) for method in methods]
    for place, top in enumerate(tops):

        def counted(done: int, _total: int, before: int = place * size) -> None:
            report(before + done, size * len(tops))

        twin = randomised(model, exam.inputs, seed, top)
        forgot = explained(twin, exam, methods, counted).maps
        for method, maps in forgot.items():
            pairs = zip(found.maps[method], maps, strict=True)
            alike = [rank_correlation(one, other) for one, other in pairs]
            rows.append((method, top, float(np.mean(alike))))
    return Cascade(pd.DataFrame(rows, columns=["method", "layers", "mean"]), count, len(exam))
