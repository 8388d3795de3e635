"""Pictures to try transfer with: five shapes that no network of this project has learned.

They are drawn as `Shapes` draws its ten, with other outlines, so that a network that learned those
has seen such textures and colours, and none of these classes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.experiments import shapes
from analysis.experiments.datasets import resized
from analysis.experiments.folder import KEPT, Folder
from analysis.experiments.outlines import Contours, arc, centred, polygon
from analysis.experiments.shapes import SPLITS, Sample, ShapesError

FRESH = 5  # so that no generator of these is one of `Shapes`, which is seeded with three numbers
MOST = 200  # pictures a class


def _drop() -> NDArray[np.float64]:
    """A disc with a point on top, whose sides touch the disc."""
    disc = arc(-np.pi / 6, 7 * np.pi / 6, 0.6) + np.array((0.0, 0.4))
    return np.concatenate([disc, [(0.0, -1.0)]])


def _leaf(half: float = 0.95) -> NDArray[np.float64]:
    """Two arcs of `half` radians to each side, which meet in two points."""
    lower = arc(np.pi / 2 - half, np.pi / 2 + half) - np.array((0.0, np.cos(half)))
    return np.concatenate([lower, -lower])


def _bolt() -> NDArray[np.float64]:
    right = [(0.2, -1.0), (-0.55, 0.15), (-0.05, 0.15)]
    return np.array([*right, (-0.25, 1.0), (0.55, -0.2), (0.05, -0.2)])


def _hourglass() -> NDArray[np.float64]:
    upper = [(-0.7, -1.0), (0.7, -1.0), (0.12, 0.0)]
    return np.array([*upper, (0.7, 1.0), (-0.7, 1.0), (-0.12, 0.0)])


OUTLINES: dict[str, Contours] = {
    "bolt": centred(_bolt()),
    "drop": centred(_drop()),
    "frame": centred(polygon(4), 0.6 * polygon(4)),
    "hourglass": centred(_hourglass()),
    "leaf": centred(_leaf()),
}
CLASSES: tuple[str, ...] = tuple(OUTLINES)


def drawn(index: int, seed: int = 0, split: str = "train") -> Sample:
    """Picture `index`, of class `index % 5`; it depends on the three numbers alone.

    Raises:
        ShapesError: for an unknown split, a negative seed or a negative index.
    """
    if split not in SPLITS or min(seed, index) < 0:
        raise ShapesError(
            f"Seed and index count upwards from 0, and a split is one of {', '.join(SPLITS)}; "
            f"they are {seed}, {index} and {split!r}."
        )
    rng = np.random.default_rng((seed, SPLITS.index(split), index, FRESH))
    label = index % len(CLASSES)
    scene = shapes.scene(rng, OUTLINES[CLASSES[label]], label)
    return Sample(scene.image(), scene.mask, scene.label)


def samples(per_class: int = 20, seed: int = 0, split: str = "train") -> Folder:
    """So many pictures of each of the five classes, as if somebody had uploaded them.

    Raises:
        ShapesError: if there are not 2 to 200 a class, or as `drawn`.
    """
    if not 2 <= per_class <= MOST:
        raise ShapesError(f"There are 2 to {MOST} pictures a class, not {per_class}.")
    found = [drawn(index, seed, split) for index in range(per_class * len(CLASSES))]
    return Folder(
        images=np.stack([resized(one.image, KEPT).transpose(2, 0, 1) for one in found]),
        labels=np.array([one.label for one in found], np.int64),
        classes=CLASSES,
    )
