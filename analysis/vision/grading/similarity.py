"""How alike two maps of one picture are; signs are left out, as Adebayo et al. 2018 do."""

from __future__ import annotations

import numpy as np
from scipy import ndimage, stats

_SIGMA = 1.5  # pixels, and the two constants: Wang et al. 2004
_C1, _C2 = 0.01**2, 0.03**2


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's correlation of the absolute values, -1..1; 0 where a map is the same everywhere.

    Both are (H, W).
    """
    first, second = (stats.rankdata(np.abs(values)) for values in (one, other))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def ssim(one: np.ndarray, other: np.ndarray) -> float:
    """Structural similarity of the absolute values, each map scaled to a largest value of 1.

    Wang et al. 2004, Gaussian window of 1.5 pixels; 1 for equal maps. Both are (H, W).
    """
    x, y = (_scaled(values) for values in (one, other))
    mean_x, mean_y = _blur(x), _blur(y)
    var_x, var_y = _blur(x * x) - mean_x**2, _blur(y * y) - mean_y**2
    shared = _blur(x * y) - mean_x * mean_y
    alike = (2 * mean_x * mean_y + _C1) * (2 * shared + _C2)
    return float((alike / ((mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2))).mean())


def _scaled(values: np.ndarray) -> np.ndarray:
    size = np.abs(values.astype(np.float64))
    return size / max(size.max(), np.finfo(np.float64).tiny)


def _blur(values: np.ndarray) -> np.ndarray:
    return ndimage.gaussian_filter(values, _SIGMA)
