"""Several networks as one: the average of their probabilities, and who can be averaged.

The winners of ILSVRC'16 fused networks that were each weaker than the sum (Shao et al. 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.amounts import counted, listed, percent
from analysis.vision.prediction import Prediction
from analysis.vision.voices import Voice


def average(shares: np.ndarray) -> np.ndarray:
    """The mean of several answers.

    Args:
        shares: (M, classes) or (M, N, classes) probabilities of M networks or looks.

    Returns:
        (classes,) or (N, classes).

    Raises:
        ValueError: if there is nothing to average.
    """
    shares = np.asarray(shares)
    if shares.ndim < 2 or not len(shares):
        raise ValueError("An average needs at least one row of probabilities.")
    return shares.mean(axis=0)


def groups(speakers: Sequence[Voice]) -> list[tuple[Voice, ...]]:
    """Networks that know the same classes, in the order in which they come.

    Untrained networks have no classes, only outputs with numbers: those with equally many are put
    together, as all of them know nothing.
    """
    found: dict[tuple[str, ...], list[Voice]] = {}
    for speaker in speakers:
        found.setdefault(speaker.classes, []).append(speaker)
    return [tuple(group) for group in found.values()]


def alone(name: str) -> str:
    """Why a network has nobody to be averaged with."""
    return (
        f"{name} is the only network in focus that knows its classes. Probabilities can be "
        "averaged only where each of them belongs to the same class in all networks."
    )


def notice(first: Prediction, members: Mapping[str, Prediction]) -> str:
    """What the average says of a picture, beside what each member says of it."""
    said = f"Together they say **{first.name}** with {percent(first.probability)}. "
    alone = listed(
        f"{name} says {one.name} with {percent(one.probability)}" for name, one in members.items()
    )
    against = [name for name, one in members.items() if one.index != first.index]
    outvoted = f" {listed(against)} {_are(against)} outvoted." if against else ""
    return f"{said}Alone, {alone}.{outvoted}"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def verdict(names: Sequence[str], accuracies: Sequence[float], together: float, images: int) -> str:
    """Whether the average is right more often than its best member, with the numbers."""
    best = max(range(len(names)), key=lambda place: accuracies[place])
    wrong = [round((1 - share) * images) for share in (together, accuracies[best])]
    gained = wrong[1] - wrong[0]
    said = (
        f"Together they are wrong on {wrong[0]:,} of {images:,} images, the best of them alone, "
        f"{names[best]}, on {wrong[1]:,}. "
    )
    if gained > 0:
        said += f"The average gains {counted(gained, 'image')}."
    elif gained < 0:
        said += f"The average loses {counted(-gained, 'image')}: weak members pull it down."
    else:
        said += "The average gains nothing here."
    return f"{said} A few images can be chance: another seed shows how stable it is."


def members(names: Sequence[str]) -> str:
    """The members in a sentence."""
    return f"average of {listed(names)}"
