"""Stochastic depth: Huang, Sun, Liu, Sedra, Weinberger (ECCV 2016), on digits.

Every block of a ResNet is left out of some batches; the network is used whole.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analysis.amounts import percent
from analysis.experiments.studies.spread import compared
from analysis.experiments.studies.study import Study, arm
from cnn_models.blocks.options import require_depth

DEPTH = 56
WHOLE, HALF = "all blocks", "survival 0.5"
LAST = {WHOLE: 1.0, "survival 0.8": 0.8, HALF: 0.5}  # p_L of each run


class Survival(NamedTuple):
    """Chances of the blocks to work in a batch, first to last, and what they come to."""

    chances: tuple[float, ...]

    @property
    def expected(self) -> float:
        """How many blocks work in a batch, on average."""
        return sum(self.chances)

    @property
    def share(self) -> float:
        return self.expected / len(self.chances)


def survival(depth: int, last: float) -> Survival:
    """Equation 4 for a CIFAR ResNet: p_l = 1 - l / L (1 - p_L).

    Raises:
        ValueError: if there is no such depth.

    >>> survival(110, 0.5).expected  # the paper's 40 of 54 blocks
    40.25
    """
    blocks = 3 * require_depth(depth, 6, 2)
    return Survival(tuple(1 - number / blocks * (1 - last) for number in range(1, blocks + 1)))


def survival_notice(found: Survival, last: float) -> str:
    """What the chances of the blocks come to."""
    count = len(found.chances)
    return (
        f"The chance falls in equal steps from {percent(found.chances[0])} in the first block to "
        f"{percent(last)} in the last of {count}. On average {found.expected:.1f} blocks work in a "
        f"batch: an expected depth of {2 * found.expected + 2:.1f} layers while the network "
        f"learns, and {2 * count + 2} when it is used."
    )


def verdict(rows: pd.DataFrame) -> str:
    """The errors with and without, and how many blocks were at work."""
    chances = survival(DEPTH, LAST[HALF])
    return (
        f"{compared(rows, HALF, WHOLE, 'test_error')} "
        f"{compared(rows, HALF, WHOLE, 'train_error')} With survival 0.5, {chances.expected:.1f} "
        f"of {len(chances.chances)} blocks work in a batch on average ({chances.share:.0%}), so "
        "that much less is computed while the network learns."
    )


STUDY = Study(
    name="stochastic",
    title="Stochastic depth",
    question="Can blocks be left out while a network learns?",
    arms=(
        arm(WHOLE, "residual", depth=DEPTH),
        *(
            arm(label, "stochastic", depth=DEPTH, survival=last)
            for label, last in LAST.items()
            if last < 1
        ),
    ),
    verdict=verdict,
    quick=(WHOLE, HALF),
    quick_epochs=8,
)
