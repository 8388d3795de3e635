"""The digits that the measurements of this package learn: small enough to be learned many times."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from sklearn.datasets import load_digits

from analysis.experiments.data import Data, Split

CLASSES: tuple[str, ...] = tuple("0123456789")
LEARNED, HELD = 1297, 500


@cache
def digits(side: int, seed: int = 0) -> Data:
    """scikit-learn's 1797 digits (3 equal channels, mean 0, deviation 1) at `side` pixels.

    Each pixel of the 8 × 8 is repeated, so `side` is a multiple of 8. The seed decides which 500
    are held out. Nothing is varied, so that a step costs little but the step.

    Raises:
        ValueError: if `side` is no multiple of 8.
    """
    if side < 8 or side % 8:
        raise ValueError(f"The side is {side}; take 8, 16, 24 or 32.")
    pixels, labels = (np.asarray(part) for part in load_digits(return_X_y=True))
    ink = (pixels - pixels.mean()) / pixels.std()
    times = side // 8
    images = torch.from_numpy(ink.reshape(-1, 1, 8, 8).astype(np.float32))
    images = images.repeat_interleave(times, 2).repeat_interleave(times, 3).repeat(1, 3, 1, 1)
    order = np.random.default_rng(seed).permutation(len(labels))
    known = torch.from_numpy(labels.astype(np.int64))
    train, test = (
        Split(images[rows], known[rows])
        for rows in map(torch.from_numpy, np.split(order, [LEARNED]))
    )
    return Data(train, test, classes=CLASSES)
