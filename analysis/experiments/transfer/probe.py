"""A linear probe on the pictures of a folder: features once, then a last layer in a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

import cnn_models
from analysis.experiments.folder import Folder
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import head, parts
from analysis.experiments.transfer.backbones import needed
from analysis.experiments.transfer.evaluation import Evaluation, joined
from analysis.experiments.transfer.features import features
from analysis.experiments.transfer.folds import FOLDS, folds
from analysis.experiments.transfer.start import begin
from analysis.progress import Report, silent
from analysis.vision import voices
from analysis.vision.device import best_device
from analysis.vision.prediction import softmax
from analysis.vision.voices import Voice


@dataclass(frozen=True, eq=False)
class Seen:
    """The pictures of a folder as a trained network sees them: `features` (N, D) float32."""

    voice: Voice
    folder: Folder
    features: np.ndarray

    def head(self, learned: np.ndarray) -> head.Head:
        """The last layer that fits the pictures of these numbers.

        Raises:
            TrainingError: if a class has no picture among them.
        """
        labels = self.folder.labels[learned]
        return head.fitted(self.features[learned], labels, len(self.folder.classes))


def look(voice: Voice, folder: Folder, report: Report = silent) -> Seen:
    """Compute the features of all pictures, which takes most of the time of a probe.

    Args:
        voice: one of `backbones.backbones()`.
        folder: the pictures.
        report: called with the pictures done and in all; what it raises ends the work.

    Raises:
        TrainingError: if the weights have gone, or the network does not end in a linear layer.
    """
    try:
        model = voices.load(voice, best_device())
    except cnn_models.WeightsUnavailable as problem:
        raise TrainingError(str(problem)) from problem
    last = parts.of_key(voice.key).head
    found = features(model, last, folder.images, voice.preprocessing, report)
    return Seen(voice, folder, found)


def judged(seen: Seen, learned: np.ndarray, held: np.ndarray) -> Evaluation:
    """Learn from some pictures, and answer to others.

    Raises:
        TrainingError: if a class has no picture to learn from.
    """
    shares = softmax(seen.head(learned).scores(seen.features[held]))
    nothing = np.zeros(len(held), np.int64)
    return Evaluation(seen.folder.classes, held, seen.folder.labels[held], shares, nothing)


def cross_validated(seen: Seen, count: int = FOLDS, seed: int = 0) -> Evaluation:
    """Answer to every picture once, each time from a layer that has not learned it.

    Raises:
        TrainingError: if a class has fewer pictures than there are folds.
    """
    turns = folds(seen.folder, count, seed)
    return joined([judged(seen, learned, held) for learned, held in turns])


def network(seen: Seen, learned: np.ndarray) -> nn.Module:
    """The whole network with the fitted last layer, in evaluation mode on the processor.

    Raises:
        TrainingError: if a class has no picture to learn from.
    """
    key, name = seen.voice.key, seen.voice.weights_name
    with torch.random.fork_rng(devices=[]):
        model = cnn_models.build(key, len(seen.folder.classes), **needed(key, name))
    begin(model, key, name)
    head.put(model, parts.of_key(key).head, seen.head(learned))
    return model.eval()
