"""What can be measured on maps: how concentrated they are, where, and how much they agree.

All of it is about absolute values, since some methods have no sign.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from analysis.vision.attribution import AttributionMap

TENTH = 0.1
_ROWS = ("upper", "middle", "lower")
_COLUMNS = ("left", "middle", "right")


def held_by_top(found: AttributionMap, share: float = TENTH) -> float | None:
    """How much of the attribution the given share of the pixels holds, those with the most first.

    0..1, for an even map `share` itself; None where the map is zero everywhere.
    """
    values = np.sort(np.abs(found.values), axis=None).astype(np.float64)[::-1]
    total = values.sum()
    if total == 0:
        return None
    return float(values[: max(1, round(share * values.size))].sum() / total)


def peak(found: AttributionMap) -> tuple[int, int] | None:
    """Row and column of the pixel with the most, the first of several; None for a zero map."""
    values = np.abs(found.values)
    if not values.any():
        return None
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return int(row), int(column)


def ninth(found: AttributionMap) -> str | None:
    """In which ninth of the picture the peak lies: "upper left" to "lower right", or "centre"."""
    place = peak(found)
    if place is None:
        return None
    height, width = found.values.shape
    row, column = _ROWS[3 * place[0] // height], _COLUMNS[3 * place[1] // width]
    return "centre" if row == column == "middle" else f"{row} {column}"


def agreement(maps: Sequence[AttributionMap]) -> np.ndarray:
    """Spearman's rank correlation of each pair, (maps, maps) from -1 to 1.

    Maps of different sizes are brought to the smallest by averages over areas. The correlation
    with a map that has one value everywhere is not a number.

    Source: Spearman 1904; for maps as in Adebayo et al. 2018, arXiv:1810.03292.
    """
    from scipy.stats import rankdata

    height, width = min(found.values.shape for found in maps)
    ranks = np.array([rankdata(_of_size(found, (height, width))) for found in maps])
    ranks -= ranks.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(ranks, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(ranks @ ranks.T / np.outer(lengths, lengths), -1, 1)


def _of_size(found: AttributionMap, size: tuple[int, int]) -> np.ndarray:
    """(H, W) -> the absolute values at `size`, flat."""
    values = np.abs(found.values)
    if values.shape == size:
        return values.ravel()
    pooled = functional.adaptive_avg_pool2d(torch.from_numpy(values)[None, None], size)
    return pooled.numpy().ravel()
