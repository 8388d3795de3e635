"""Whether a network is right as often as it is sure, and the temperature that repairs it.

Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks (ICML 2017): reliability
diagram and expected calibration error (section 2), temperature scaling (section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.amounts import percent

BINS = 10
TEMPERATURES = (0.05, 20.0)  # between which the best one is looked for


@dataclass(frozen=True, eq=False)
class Reliability:
    """One entry a bin of equal width, from sure of nothing to wholly sure.

    `counts` are its images, `confidence` how sure the network was of its answer on average, and
    `accuracy` the share of right answers; both are NaN in an empty bin.
    """

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray

    @property
    def error(self) -> float:
        """Expected calibration error: mean distance of accuracy and confidence, by images."""
        used = self.counts > 0
        gaps = np.abs(self.accuracy[used] - self.confidence[used])
        return float((gaps * self.counts[used]).sum() / self.counts.sum())

    @property
    def mean_confidence(self) -> float:
        return self._mean(self.confidence)

    @property
    def mean_accuracy(self) -> float:
        return self._mean(self.accuracy)

    def _mean(self, values: np.ndarray) -> float:
        used = self.counts > 0
        return float((values[used] * self.counts[used]).sum() / self.counts.sum())


def softened(scores: np.ndarray, temperature: float) -> np.ndarray:
    """softmax(z / T): a temperature above 1 makes a network less sure, below 1 more.

    Args:
        scores: (..., classes) before the softmax.
        temperature: T, above 0.

    Returns:
        float64, of the same shape; the last axis adds up to 1.

    Raises:
        ValueError: if the temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"The temperature is {temperature}; it has to be above 0.")
    return np.exp(_log_shares(scores, temperature))


def _log_shares(scores: np.ndarray, temperature: float) -> np.ndarray:
    cooled = np.asarray(scores, dtype=np.float64) / temperature
    cooled = cooled - cooled.max(axis=-1, keepdims=True)
    return cooled - np.log(np.exp(cooled).sum(axis=-1, keepdims=True))


def reliability(shares: np.ndarray, labels: np.ndarray, bins: int = BINS) -> Reliability:
    """Sort answers into bins by how sure they are.

    Args:
        shares: (N, classes) probabilities.
        labels: (N,) right classes.
        bins: of equal width; bin m holds what lies above (m - 1) / bins up to m / bins.

    Raises:
        ValueError: if there is no image, or there are more or fewer labels than images.
    """
    shares, labels = np.asarray(shares), np.asarray(labels)
    if not len(shares) or len(shares) != len(labels):
        raise ValueError(f"There are {len(labels)} labels for {len(shares)} images; give one each.")
    sure = shares.max(axis=1)
    right = shares.argmax(axis=1) == labels
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        confidence = np.bincount(place, sure, bins) / counts
        accuracy = np.bincount(place, right, bins) / counts
    return Reliability(counts, confidence, accuracy)


def negative_log_likelihood(scores: np.ndarray, labels: np.ndarray, temperature: float) -> float:
    """Mean of minus the logarithm of what the right class is given, in nats."""
    shares = _log_shares(scores, temperature)
    return float(-shares[np.arange(len(labels)), labels].mean())


def best_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The temperature from 0.05 to 20 that makes the right classes most likely."""
    from scipy.optimize import minimize_scalar

    low, high = np.log(TEMPERATURES)
    found = minimize_scalar(
        lambda log: negative_log_likelihood(scores, labels, float(np.exp(log))),
        bounds=(low, high),
        method="bounded",
    )
    return float(np.exp(found.x))


def notice(name: str, plain: Reliability) -> str:
    """How sure and how right a network is as it stands, with the numbers."""
    sure, right = plain.mean_confidence, plain.mean_accuracy
    if abs(sure - right) < 0.005:
        said = "as sure as it may be"
    else:
        said = "too sure" if sure > right else "not sure enough"
    return (
        f"{name} is sure by {percent(sure)} on average and right on {percent(right)} of "
        f"{plain.counts.sum():,} images: {said}. Its expected calibration error is "
        f"{percent(plain.error)}."
    )


def repaired(plain: Reliability, best: Reliability, temperature: float) -> str:
    """What the best temperature does to the calibration error, and what it leaves alone."""
    if plain.mean_accuracy == 1:
        return (
            "All answers are right, so there is no best temperature: the lower it is, the more "
            "probable the right classes. Take more images."
        )
    return (
        f"T = {temperature:.2f} gives the right classes most probability on these images. The "
        f"calibration error goes from {percent(plain.error)} to {percent(best.error)}; the order "
        "of the classes, and so the accuracy, stays as it is."
    )


def at_the_chosen(chosen: Reliability, temperature: float) -> str:
    """The calibration error at a temperature that somebody chose."""
    return f"With T = {temperature:g} it is {percent(chosen.error)}."


def changed(name: str, before: float, after: float, temperature: float) -> str:
    """What a temperature does to the most likely class of one picture."""
    if temperature == 1:
        return f"T = 1 leaves **{name}** at {percent(before)}."
    return (
        f"T = {temperature:g} brings **{name}** from {percent(before)} to {percent(after)}. It "
        "stays first: a temperature never changes the order."
    )
