"""Which pictures are held out: every picture once, in as many turns as there are folds."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedKFold

from analysis.experiments.folder import Folder
from analysis.experiments.training import TrainingError

FOLDS = 5


def most_folds(folder: Folder) -> int:
    """So many folds as the smallest class has pictures."""
    return min(folder.counts().values())


def folds(folder: Folder, count: int = FOLDS, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Numbers of the pictures to learn from and of those held out, for each fold in turn.

    Each fold holds about the same share of every class out.

    Raises:
        TrainingError: if a class has fewer pictures than there are folds, or there is one fold.
    """
    most = most_folds(folder)
    if not 2 <= count <= most:
        fewest = min(folder.counts(), key=lambda name: folder.counts()[name])
        raise TrainingError(
            f"{count} folds cannot be made: take 2 to {most}, since {fewest} has {most} pictures "
            "and each fold needs one of every class."
        )
    splitter = StratifiedKFold(count, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(folder.labels)), folder.labels))
