"""Where a classifier looked when it was surely wrong: integrated gradients of its mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.amounts import percent
from analysis.experiments.datasets import fitted_all
from analysis.experiments.folder import Folder
from analysis.experiments.transfer.classifier import Classifier
from analysis.experiments.transfer.evaluation import Mistake
from analysis.experiments.transfer.features import prepared
from analysis.progress import Report, silent
from analysis.vision import overlay, sight
from analysis.vision.attribution import attribute
from analysis.vision.attribution.baselines import value_range
from analysis.vision.attribution.options import Options

METHOD = "integrated_gradients"
SAID = (
    "Below each picture, integrated gradients over the picture as the network sees it: red spoke "
    "for the answer that was given, blue against it. Sundararajan et al. 2017."
)


class Explained(NamedTuple):
    """A mistake: the picture (H, W, 3) uint8, the map over it, and what went wrong."""

    picture: np.ndarray
    map: np.ndarray
    sentence: str


def mistakes(
    classifier: Classifier, folder: Folder, wrong: Sequence[Mistake], report: Report = silent
) -> list[Explained]:
    """Explain the answer that was given to each picture.

    The classifier is the whole one of this session; where a mistake comes from a fold that held
    the picture out, the map is of the network that has learned the other pictures.

    Args:
        classifier: whose answers they are.
        folder: the pictures that the mistakes count.
        wrong: the mistakes.
        report: called with the mistakes done and in all; what it raises ends the work.

    Raises:
        ValueError: if the method would be wrong for this network.
    """
    found = []
    for done, mistake in enumerate(wrong):
        report(done, len(wrong))
        found.append(_explained(classifier, folder, mistake))
    return found


def _explained(classifier: Classifier, folder: Folder, mistake: Mistake) -> Explained:
    images = folder.images[mistake.number : mistake.number + 1]
    recipe = classifier.preprocessing
    picture = fitted_all(images, recipe)[0].transpose(1, 2, 0)  # (H, W, 3), as the network sees it
    seen = attribute(
        classifier.module,
        prepared(images, recipe),
        classifier.classes.index(mistake.answer),
        METHOD,
        Options(value_range=value_range(recipe)),
    )
    return Explained(
        sight.enlarged(picture),
        sight.enlarged(overlay.overlay(picture, seen)),
        f"{mistake.truth}, taken for {mistake.answer} ({percent(mistake.sure)} sure)",
    )
