"""The ways to make pictures of one: what each makes, how many, and what the decks say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.experiments.augment import AUGMENTATIONS
from analysis.experiments.augmented import counting, making
from analysis.experiments.augmented.counting import Count, Sizes
from analysis.experiments.augmented.making import Made


@dataclass(frozen=True)
class Way:
    """One way. `has_sizes` says whether the sizes matter, `is_drawn` whether a seed does.

    `claim` is the claim of the lectures that counts it, or "".
    """

    label: str
    when: str
    source: str
    count: Callable[[Sizes], Count]
    make: Callable[[np.ndarray, Sizes, int], Made]
    has_sizes: bool = True
    is_drawn: bool = True
    claim: str = ""


_TRAINING, _TEST = "training", "test"
_ALEXNET = counting.SIZES["imagenet"].source

WAYS: dict[str, Way] = {
    "flip": Way(
        "Flip",
        _TRAINING,
        AUGMENTATIONS["flip"].source,
        lambda _: counting.flips(),
        lambda frame, *_: making.flipped(frame),
        has_sizes=False,
        is_drawn=False,
        claim="c026",
    ),
    "crop": Way("Crop + flip", _TRAINING, _ALEXNET, counting.crops, making.cropped, claim="c024"),
    "ten": Way(
        "Ten-crop",
        _TEST,
        _ALEXNET,
        lambda _: counting.ten(),
        lambda frame, sizes, _: making.ten(frame, sizes),
        has_sizes=False,
        is_drawn=False,
        claim="c025",
    ),
    "colour": Way(
        "Colour",
        _TRAINING,
        AUGMENTATIONS["colour"].source,
        lambda _: counting.colours(),
        lambda frame, _, seed: making.recoloured(frame, seed),
        has_sizes=False,
    ),
    "cutout": Way(
        "Cutout", _TRAINING, AUGMENTATIONS["cutout"].source, counting.holes, making.with_holes
    ),
    "together": Way(
        "All together",
        _TRAINING,
        "the three papers above",
        counting.together,
        making.together,
    ),
}


def table(sizes: Sizes) -> pd.DataFrame:
    """One row a way: how many pictures it makes of one, the sum, when it is used, and its source.

    The source of a crop is that of the sizes.
    """
    return pd.DataFrame(
        [
            {
                "augmentation": way.label,
                "pictures": _number(way.count(sizes)),
                "arithmetic": way.count(sizes).arithmetic,
                "used in": way.when,
                "source": sizes.source if key == "crop" else way.source,
            }
            for key, way in WAYS.items()
        ]
    )


def _number(count: Count) -> str:
    return "no end" if count.number is None else f"{count.number:,}"
