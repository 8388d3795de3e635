"""How the gates of one block differ from class to class, and how much that is of all they vary.

Hu et al. (CVPR 2018, Figure 5) draw the average gate of four classes in five
blocks: nearly the same for all of them in early blocks, different in late ones. The share of the
variance that lies between the classes puts that into one number a block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.vision.gates.places import Gate
from analysis.vision.gates.reading import Reading


@dataclass(frozen=True, eq=False)
class ClassGates:
    """One gate over a labelled batch.

    `mean` and `spread` (standard deviation) are (channels,) over all images, `of_class` is
    (classes, channels), the means of each class. `between` is the share of the variance that lies
    between the classes, 0 to 1; None where no gate of the block varies at all.
    """

    gate: Gate
    mean: np.ndarray
    spread: np.ndarray
    of_class: np.ndarray
    between: float | None


def by_class(readings: tuple[Reading, ...], labels: np.ndarray) -> tuple[ClassGates, ...]:
    """Each gate by class; `labels` is (N,), from 0 without gaps."""
    return tuple(_by_class(reading, labels) for reading in readings)


def _by_class(reading: Reading, labels: np.ndarray) -> ClassGates:
    scale = reading.scale.astype(np.float64)  # (N, channels)
    of_class = np.stack([scale[labels == label].mean(0) for label in range(labels.max() + 1)])
    return ClassGates(
        reading.gate,
        scale.mean(0),
        scale.std(0),
        of_class,
        share_between(scale, labels),
    )


def share_between(values: np.ndarray, labels: np.ndarray) -> float | None:
    """Share of the variance that lies between groups (the correlation ratio η² of Pearson).

    Args:
        values: (N, channels). Sums of squares are added over the channels.
        labels: (N,), the group of each row.

    Returns:
        0 if all groups have the same mean, 1 if there is no difference inside a group, None if
        the values do not vary.
    """
    centred = values - values.mean(0)
    whole = float((centred**2).sum())
    if whole < 1e-12 * values.size:  # what rounding leaves of gates that are all the same
        return None
    groups = [centred[labels == label] for label in np.unique(labels)]
    return float(sum(len(g) * (g.mean(0) ** 2).sum() for g in groups)) / whole


def by_chance(images: int, classes: int) -> float:
    """The share to expect if gates knew nothing of the class: (classes - 1) / (images - 1)."""
    return (classes - 1) / (images - 1)
