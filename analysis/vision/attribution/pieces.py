"""A picture cut into pieces that are covered as a whole: superpixels, or the cells of a grid."""

from __future__ import annotations

from math import floor, sqrt

import numpy as np

_COLOUR = 10.0  # the picture's whole range of colour counts as far as so many cells of the grid
_ROUNDS = 10


def cut(picture: np.ndarray, pieces: int, superpixels: bool) -> np.ndarray:
    """Number the pieces of a picture: (H, W) int64 from 0.

    Superpixels are SLIC's (Achanta et al. 2012, doi:10.1109/TPAMI.2012.120): k-means over place
    and colour that starts from the grid, so nothing is drawn. Unlike there, a piece may lie in
    several parts.

    Args:
        picture: (C, H, W), in any units.
        pieces: how many at most.
        superpixels: False gives the grid itself.
    """
    height, width = picture.shape[1:]
    cells = _grid(height, width, pieces)
    return _along_colours(picture, cells) if superpixels else cells


def _grid(height: int, width: int, pieces: int) -> np.ndarray:
    rows = min(max(1, floor(sqrt(pieces * height / width))), height, pieces)
    columns = min(max(1, pieces // rows), width)
    down, across = np.arange(height) * rows // height, np.arange(width) * columns // width
    return down[:, None] * columns + across[None, :]


def _along_colours(picture: np.ndarray, cells: np.ndarray) -> np.ndarray:
    count = int(cells.max()) + 1
    points = _placed_colours(picture, sqrt(cells.size / count))  # (H · W, 2 + C)
    numbers, centres = cells.ravel(), np.zeros((count, points.shape[1]))
    for _ in range(_ROUNDS):
        sizes = np.bincount(numbers, minlength=count)[:, None]
        sums = [np.bincount(numbers, weights=axis, minlength=count) for axis in points.T]
        centres = np.where(sizes > 0, np.stack(sums, axis=1) / np.maximum(sizes, 1), centres)
        numbers = np.argmin((centres**2).sum(axis=1) - 2 * points @ centres.T, axis=1)
    return np.unique(numbers, return_inverse=True)[1].reshape(cells.shape).astype(np.int64)


def _placed_colours(picture: np.ndarray, cell: float) -> np.ndarray:
    """Where each pixel is, in cells, and its colour: (H · W, 2 + C)."""
    spread = float(picture.max() - picture.min()) or 1.0
    places = np.indices(picture.shape[1:]) / cell
    colours = _COLOUR * picture / (spread * sqrt(len(picture)))
    return np.concatenate([places, colours]).reshape(2 + len(picture), -1).T
