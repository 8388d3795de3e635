"""The same picture twice: what is learned and what is judged by are then no longer apart.

Files that are equal byte for byte are refused when a folder is read. Here pictures are compared as
they look: as 16 × 16 pixels, so that one that was saved again or made smaller is found. A picture
that was mirrored, turned or cut is not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.neighbors import NearestNeighbors

from analysis.amounts import counted, listed
from analysis.experiments.datasets import resized_all
from analysis.experiments.folder import Folder

SIDE = 16  # pixels at which pictures are compared
NEAR = 4.0  # of 255: root of the mean squared difference, below which two look the same
MOST_NAMED = 3  # pairs of classes that a sentence names


class Twins(NamedTuple):
    """Two pictures of a folder, by their numbers, that look the same."""

    first: int
    second: int


def twins(folder: Folder) -> list[Twins]:
    """All pairs of pictures that look the same, by their numbers, the smaller first."""
    small = resized_all(folder.images, SIDE).reshape(len(folder.images), -1).astype(np.float32)
    radius = NEAR * np.sqrt(small.shape[1])
    near = NearestNeighbors(radius=radius, algorithm="brute").fit(small)
    graph = near.radius_neighbors_graph(mode="connectivity").tocoo()
    pairs = zip(graph.row.tolist(), graph.col.tolist(), strict=True)
    return sorted(Twins(one, two) for one, two in pairs if one < two)


def warnings(folder: Folder) -> tuple[str, ...]:
    """A sentence on pictures in two classes, and one on pictures that a class holds twice."""
    found = twins(folder)
    label = folder.labels.tolist()
    across = [pair for pair in found if label[pair.first] != label[pair.second]]
    within = [pair for pair in found if label[pair.first] == label[pair.second]]
    return tuple(_of_two_classes(folder, across) + _of_one_class(folder, within))


def _of_two_classes(folder: Folder, pairs: list[Twins]) -> list[str]:
    if not pairs:
        return []
    named = dict.fromkeys(
        " and ".join(sorted(folder.classes[folder.labels[number]] for number in pair))
        for pair in pairs
    )
    shown = list(named)[:MOST_NAMED]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    one = len(pairs) == 1
    return [
        f"{counted(len(pairs), 'pair')} of pictures {'looks' if one else 'look'} the same and "
        f"{'is' if one else 'are'} in two classes: {'; '.join(shown)}{more}. A picture cannot "
        "be of two classes: take it out of one."
    ]


def _of_one_class(folder: Folder, pairs: list[Twins]) -> list[str]:
    if not pairs:
        return []
    names = sorted({folder.classes[folder.labels[pair.first]] for pair in pairs})
    return [
        f"{counted(len(pairs), 'pair')} of pictures in {listed(names[:MOST_NAMED])}"
        f"{' and other classes' if len(names) > MOST_NAMED else ''} "
        f"{'looks' if len(pairs) == 1 else 'look'} the same. If one of the two is learned and the "
        "other held out, the accuracy says more than the network can: keep one of them."
    ]
