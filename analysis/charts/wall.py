"""Pictures of one size, side by side in rows, as one picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

_GAP = 0.04  # of a picture's side, between two
_LEAST, _MOST = 96, 192  # pixels of a side; small pictures keep sharp squares


def wall(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Hang pictures (N, h, w, 3) uint8 in rows: (H, W, 4) uint8, clear between them."""
    large = np.stack([_sized(picture) for picture in pictures])
    count, height, width, _ = large.shape
    gap = max(2, round(_GAP * width))
    rows = -(-count // columns)
    whole = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, 4), np.uint8)
    for place, picture in enumerate(large):
        row, column = divmod(place, columns)
        top, left = row * (height + gap), column * (width + gap)
        whole[top : top + height, left : left + width, :3] = picture
        whole[top : top + height, left : left + width, 3] = 255
    return whole


def _sized(picture: np.ndarray) -> np.ndarray:
    """A picture at the size at which it hangs: enlarged by whole pixels, or scaled down."""
    side = min(picture.shape[:2])
    if side > _MOST:
        image = Image.fromarray(picture)
        size = (round(image.width * _MOST / side), round(image.height * _MOST / side))
        return np.asarray(image.resize(size, Image.Resampling.LANCZOS))
    times = max(1, -(-_LEAST // side))
    return picture.repeat(times, axis=0).repeat(times, axis=1)
