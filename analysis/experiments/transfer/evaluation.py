"""How good a classifier is, on pictures that it has not learned: counts, shares and mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from analysis.amounts import counted, listed, percent
from analysis.vision.grading import intervals
from analysis.vision.grading.intervals import Mean
from analysis.vision.predicting.calibration import Reliability, reliability


class Mistake(NamedTuple):
    """Picture `number` of the folder, its class, the answer, and how sure that was, 0..1."""

    number: int
    truth: str
    answer: str
    sure: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Answers to N pictures that were held out.

    `numbers` (N,) are the places of the pictures in their folder, `truth` (N,) their classes and
    `shares` (N, classes) the probabilities; `folds` (N,) says which fold held a picture out, from
    0, and is all 0 where there was one split.
    """

    classes: tuple[str, ...]
    numbers: np.ndarray
    truth: np.ndarray
    shares: np.ndarray
    folds: np.ndarray

    @property
    def answers(self) -> np.ndarray:
        """The most probable class of each picture, (N,)."""
        return self.shares.argmax(axis=1)

    @property
    def accuracy(self) -> Mean:
        """The share of right answers with Wilson's interval at 95%."""
        return intervals.share(self.answers == self.truth)

    def confusion(self) -> np.ndarray:
        """(classes, classes) counts: a row is the right class, a column the answer."""
        return confusion_matrix(self.truth, self.answers, labels=range(len(self.classes)))

    def behind(self, truth: int, answer: int) -> np.ndarray:
        """Numbers of the pictures behind one cell of the confusion matrix."""
        return self.numbers[(self.truth == truth) & (self.answers == answer)]

    def per_class(self) -> pd.DataFrame:
        """Columns class, pictures, precision and recall; precision is NaN where none is answered.

        Precision is the share of the answers with this name that are right, recall the share of
        the pictures of the class that are found.
        """
        precision, recall, _, count = precision_recall_fscore_support(
            self.truth,
            self.answers,
            labels=range(len(self.classes)),
            zero_division=np.nan,  # type: ignore[arg-type]  # scikit-learn's stub lacks it
        )
        return pd.DataFrame(
            {
                "class": self.classes,
                "pictures": count,
                "precision": precision,
                "recall": recall,
            }
        )

    def mistakes(self, most: int = 12) -> list[Mistake]:
        """The wrong answers of which the classifier was surest, those first."""
        wrong = np.flatnonzero(self.answers != self.truth)
        sure = self.shares.max(axis=1)
        order = wrong[np.argsort(-sure[wrong], kind="stable")][:most]
        return [
            Mistake(
                int(self.numbers[place]),
                self.classes[self.truth[place]],
                self.classes[self.answers[place]],
                float(sure[place]),
            )
            for place in order
        ]

    def reliability(self) -> Reliability:
        """Whether it is right as often as it is sure."""
        return reliability(self.shares, self.truth)

    @property
    def summary(self) -> str:
        """How many are right, within which interval, and which class is found worst."""
        found, right = self.accuracy, int((self.answers == self.truth).sum())
        how = "each held out once" if self.folds.any() else "held out"
        sentences = [
            f"{right} of {counted(len(self.truth), 'picture')} right, {how}: "
            f"{percent(found.mean)} (95% interval {percent(found.low)} to {percent(found.high)})."
        ]
        counts = self.confusion()
        recall = {
            name: row[place] / row.sum()
            for place, (name, row) in enumerate(zip(self.classes, counts, strict=True))
            if row.sum()
        }
        least = min(recall.values())
        worst = [name for name, share in recall.items() if share == least]
        if right < len(self.truth) and len(worst) < len(recall):
            sentences.append(f"Found least often: {listed(worst)} ({percent(least)}).")
        return " ".join(sentences)


def joined(parts: list[Evaluation]) -> Evaluation:
    """The folds of a cross-validation as one evaluation, in the order of the pictures."""
    numbers = np.concatenate([part.numbers for part in parts])
    order = np.argsort(numbers, kind="stable")
    return Evaluation(
        parts[0].classes,
        numbers[order],
        np.concatenate([part.truth for part in parts])[order],
        np.concatenate([part.shares for part in parts])[order],
        np.repeat(np.arange(len(parts)), [len(part.numbers) for part in parts])[order],
    )
