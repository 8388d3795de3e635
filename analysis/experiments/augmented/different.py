"""How many of the pictures that can be cut out of one really differ."""

from __future__ import annotations

import hashlib

import numpy as np

from analysis.progress import Report, silent


def different(picture: np.ndarray, window: int, report: Report = silent) -> int:
    """Count the different ones among all windows of a picture and their mirror images.

    A plain picture has one, and a symmetric one fewer than the sizes promise.

    Args:
        picture: (H, W, 3) uint8.
        window: side of the windows.
        report: called after each row of windows; what it raises ends the work.
    """
    seen: set[bytes] = set()
    rows = picture.shape[0] - window + 1
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    for row in range(rows):
        report(row, rows)
        for whole in (picture, mirrored):
            for column in range(picture.shape[1] - window + 1):
                cut = whole[row : row + window, column : column + window]
                seen.add(hashlib.blake2b(cut.tobytes(), digest_size=16).digest())
    return len(seen)
