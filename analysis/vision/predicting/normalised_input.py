"""The numbers that a network really gets: its input channel by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

BINS = 48


@dataclass(frozen=True, eq=False)
class Channel:
    """One channel: `values` (H, W), and how many pixels fall between two `edges`."""

    name: str
    values: np.ndarray
    counts: np.ndarray
    edges: np.ndarray

    @property
    def least(self) -> float:
        return float(self.values.min())

    @property
    def most(self) -> float:
        return float(self.values.max())

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def spread(self) -> float:
        """The standard deviation over the pixels."""
        return float(self.values.std())


def channels(tensor: Tensor) -> tuple[Channel, ...]:
    """The channels of an input (1, C, H, W), counted in bins that all of them share."""
    values = tensor[0].numpy()
    names = ("red", "green", "blue") if len(values) == 3 else ("ink",)
    low, high = float(values.min()), float(values.max())
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    return tuple(
        Channel(name, channel, np.histogram(channel, edges)[0], edges)
        for name, channel in zip(names, values, strict=True)
    )


def notice(found: Sequence[Channel]) -> str:
    """Range, mean and standard deviation of each channel, in a sentence."""
    low, high = min(c.least for c in found), max(c.most for c in found)
    each = "; ".join(
        f"{c.name} has mean {c.mean:.2f} and standard deviation {c.spread:.2f}" for c in found
    )
    pixels = found[0].values.size
    sentence = (
        f"The network gets {len(found)} × {pixels:,} numbers from {low:.2f} to {high:.2f}: {each}."
    )
    return sentence.replace("-", "−")
