"""A map against the mask of the object: whether its peak hits it, how much of it lies inside.

Both grades give a map that is the same everywhere exactly what chance would: pixels that share
the peak count in parts, and a map with nothing positive counts as a uniform one.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

_ALLOWED = 15 / 500  # Zhang et al. allow 15 pixels in photographs of about 500


def tolerance(side: int) -> int:
    """How many pixels beside the object still count as a hit, in a picture of `side` pixels.

    Zhang et al. 2016 (arXiv:1608.00507) allow 15 in the photographs of PASCAL VOC, whose longer
    side has 500: 3%, which is 1 pixel of 32 and 2 of 64.
    """
    return round(_ALLOWED * side)


def target_area(mask: np.ndarray, allowed: int) -> np.ndarray:
    """The mask (H, W) and all pixels at most `allowed` away from it, along rows or columns."""
    if allowed < 1:
        return mask.astype(bool)
    square = np.ones((2 * allowed + 1, 2 * allowed + 1))
    return np.asarray(ndimage.binary_dilation(mask, square))


def pointing(values: np.ndarray, mask: np.ndarray, allowed: int | None = None) -> float:
    """The pointing game: 1 if the largest value is on the object, else 0.

    Args:
        values: the map, (H, W).
        mask: the object, (H, W) bool.
        allowed: pixels beside the object that still hit; by default as `tolerance` says.

    Returns:
        Where several pixels share the largest value, the share of them that hit.
    """
    _check(values, mask)
    area = target_area(mask, tolerance(min(mask.shape)) if allowed is None else allowed)
    return float(area[values == values.max()].mean())


def inside(values: np.ndarray, mask: np.ndarray) -> float:
    """The share of what speaks for the class, the map's positive part, that lies on the object.

    Both are (H, W). A uniform map gets the object's share of the pixels.
    """
    _check(values, mask)
    positive = np.clip(values.astype(np.float64), 0, None)
    total = positive.sum()
    return float(positive[mask].sum() / total) if total > 0 else float(mask.mean())


def _check(values: np.ndarray, mask: np.ndarray) -> None:
    if values.shape != mask.shape or values.ndim != 2:
        raise ValueError(
            f"The map is {values.shape} and the mask {mask.shape}; both must be (H, W), alike."
        )
