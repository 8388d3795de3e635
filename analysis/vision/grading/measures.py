"""What an explanation is graded by, and where each grade is from."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Measure:
    """A grade: its name, the axis of its chart, what it asks, its source, and whether more is good.

    `is_share` says that each single grade is a hit or a miss, so that the interval is Wilson's.
    Measures of one `group` are found in one go.
    """

    label: str
    axis: str
    sentence: str
    source: str
    group: str
    more_is_better: bool = True
    is_share: bool = False


MEASURES = MappingProxyType(
    {
        "pointing": Measure(
            "Pointing game",
            "Peak on the object, %",
            "Is the strongest pixel of the map on the object?",
            "Zhang et al. 2016, arXiv:1608.00507",
            group="truth",
            is_share=True,
        ),
        "inside": Measure(
            "Share inside",
            "On the object, %",
            "How much of what speaks for the class lies on the object?",
            "the positive part of the map, summed over the object's mask",
            group="truth",
        ),
        "insertion": Measure(
            "Insertion",
            "Insertion area, %",
            "How soon does the network name the class when the pixels come in, the most important "
            "first?",
            "Petsiuk et al. 2018, arXiv:1806.07421",
            group="pixels",
        ),
        "deletion": Measure(
            "Deletion",
            "Deletion area, % (less is better)",
            "How soon does the network lose the class when the pixels are taken away, the most "
            "important first?",
            "Petsiuk et al. 2018, arXiv:1806.07421",
            group="pixels",
            more_is_better=False,
        ),
        "weights": Measure(
            "Random weights",
            "Rank correlation, %",
            "Does the map change when the network forgets what it learned? A map that stays the "
            "same does not look at the network.",
            "Adebayo et al. 2018, arXiv:1810.03292",
            group="weights",
            more_is_better=False,
        ),
    }
)
