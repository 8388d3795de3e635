"""The gates of blocks of any width in a form that a chart has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.vision.gates.reading import Reading

MOST_BARS = 128  # more would be narrower than two pixels on a phone
ROWS = 64  # of the map over depth; the widths of most networks are multiples of it, or divide it


@dataclass(frozen=True, eq=False)
class Profile:
    """Bars for one block: `first` and `second` are (bars,), the means over `channels` of each bar.

    `second` is None where there is no second picture.
    """

    first: np.ndarray
    second: np.ndarray | None
    channels: tuple[np.ndarray, ...]

    @property
    def per_bar(self) -> int:
        """Channels in the fullest bar."""
        return max(map(len, self.channels))


def profile(scale: np.ndarray, other: np.ndarray | None, strongest_first: bool) -> Profile:
    """Bars for gates (channels,), with the same channels of a second picture beside them."""
    order = np.argsort(-scale, kind="stable") if strongest_first else np.arange(len(scale))
    parts = np.array_split(order, min(MOST_BARS, len(order)))
    return Profile(
        _means(scale, parts), None if other is None else _means(other, parts), tuple(parts)
    )


def _means(values: np.ndarray, parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.array([values[part].mean() for part in parts])


def over_depth(readings: Sequence[Reading], image: int = 0) -> np.ndarray:
    """(ROWS, blocks): the gates of each block from the strongest down, all blocks equally high.

    Row i holds the channels from i / ROWS to (i + 1) / ROWS of the block; their mean where there
    are several, the same channel in more rows where there are fewer.
    """
    columns = [_stretched(np.sort(reading.scale[image])[::-1]) for reading in readings]
    return np.stack(columns, axis=1)


def _stretched(values: np.ndarray) -> np.ndarray:
    """The mean of a staircase of equally wide steps over each of ROWS equal parts: (ROWS,)."""
    reached = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)]) / len(values)
    edges = np.interp(np.linspace(0, 1, ROWS + 1), np.linspace(0, 1, len(values) + 1), reached)
    return np.diff(edges) * ROWS
