"""The maps that are graded: of every method for every picture, and two that ask no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import ndimage
from torch import nn

from analysis.progress import Report, silent
from analysis.vision.attribution import METHODS, AttributionMap, attribute
from analysis.vision.grading.exam import Exam
from analysis.vision.probe import Shared

CONTROLS = MappingProxyType({"edges": "Edges of the picture", "random": "Random map"})
"""Maps that know nothing of the network; Adebayo et al. 2018 compare with an edge detector."""


@dataclass(frozen=True, eq=False)
class Explained:
    """Maps by method, (N, S, S) float32 each, and the reason of each method that was refused."""

    maps: Mapping[str, np.ndarray]
    refused: Mapping[str, str]


def label(method: str) -> str:
    """What a method or a control is called."""
    return CONTROLS[method] if method in CONTROLS else METHODS[method].label


def as_map(method: str, values: np.ndarray) -> AttributionMap:
    """Values (S, S) as a map that `overlay` can colour."""
    return AttributionMap(values, method, method in METHODS and METHODS[method].signed)


def explained(
    model: nn.Module | Shared, exam: Exam, methods: Sequence[str], report: Report = silent
) -> Explained:
    """Attribute the true class of each picture to its pixels, by each method with its defaults.

    `report` counts maps. A method that the network cannot be asked by is left out.
    """
    maps, refused = {}, {}
    for place, method in enumerate(methods):
        try:
            maps[method] = _maps(model, exam, method, place * len(exam), len(methods), report)
        except ValueError as reason:
            refused[method] = str(reason)
    report(len(methods) * len(exam), len(methods) * len(exam))
    return Explained(maps, refused)


def _maps(
    model: nn.Module | Shared, exam: Exam, method: str, before: int, methods: int, report: Report
) -> np.ndarray:
    found = np.zeros(exam.masks.shape, np.float32)
    for place, target in enumerate(exam.labels):
        report(before + place, methods * len(exam))
        found[place] = attribute(model, exam.inputs[place : place + 1], int(target), method).values
    return found


def controls(exam: Exam, seed: int = 0) -> dict[str, np.ndarray]:
    """The maps of `CONTROLS` for the same pictures, (N, S, S) float32 each."""
    grey = exam.pictures.astype(np.float32).mean(axis=3)  # (N, S, S)
    edges = np.stack([np.hypot(ndimage.sobel(one, 0), ndimage.sobel(one, 1)) for one in grey])
    noise = np.random.default_rng(seed).random(grey.shape, dtype=np.float32)
    return {"edges": edges, "random": noise}
