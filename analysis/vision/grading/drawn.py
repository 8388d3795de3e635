"""Maps as pictures, with the true outline of the object drawn on them."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from analysis.vision import overlay
from analysis.vision.attribution import AttributionMap
from analysis.vision.sight import enlarged

_DARK, _LIGHT = (15, 15, 15), (255, 255, 255)
STRENGTH = 0.8


def outlined(picture: np.ndarray, *masks: np.ndarray, peak: np.ndarray | None = None) -> np.ndarray:
    """The picture enlarged, a line around each mask, and a ring where `peak` is largest.

    Args:
        picture: (S, S, 3) uint8.
        masks: (S, S) bool each.
        peak: the values (S, S) whose largest is ringed.

    Returns:
        (k·S, k·S, 3) uint8 with a whole k.
    """
    image = Image.fromarray(enlarged(picture))
    draw, times = ImageDraw.Draw(image), image.width // picture.shape[1]
    for mask in masks:
        for colour, width in ((_LIGHT, 4), (_DARK, 2)):
            for line in _edges(mask, times):
                draw.line(line, fill=colour, width=width)
    if peak is not None:
        row, column = np.unravel_index(int(peak.argmax()), peak.shape)
        x, y, radius = (column + 0.5) * times, (row + 0.5) * times, 1.5 * times
        for grow, colour in ((1, _LIGHT), (-1, _DARK)):
            box = (x - radius - grow, y - radius - grow, x + radius + grow, y + radius + grow)
            draw.ellipse(box, outline=colour, width=2)
    return np.asarray(image)


def mapped(
    picture: np.ndarray, map_: AttributionMap, *masks: np.ndarray, ringed: bool = False
) -> np.ndarray:
    """A map over its picture with the outlines of masks; `ringed` marks its peak."""
    laid = overlay.overlay(picture, map_, STRENGTH)
    return outlined(laid, *masks, peak=map_.values if ringed else None)


def _edges(mask: np.ndarray, times: int) -> list[tuple[int, int, int, int]]:
    """Lines (x, y, x, y) between pixels that are in the mask and pixels that are not."""
    wide = np.pad(mask.astype(bool), 1)
    below = np.argwhere(wide[1:, 1:-1] != wide[:-1, 1:-1])  # (row, column): above that row
    beside = np.argwhere(wide[1:-1, 1:] != wide[1:-1, :-1])
    level = [(c * times, r * times, (c + 1) * times, r * times) for r, c in below.tolist()]
    upright = [(c * times, r * times, c * times, (r + 1) * times) for r, c in beside.tolist()]
    return level + upright
