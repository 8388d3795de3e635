"""Which class the maps of a network answer for, from one choice for all networks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

LIKELIEST = "most likely"
NEXT = "next likely"
NOTHING = "no other class"


@dataclass(frozen=True)
class Target:
    """Index of the class and, for the difference of two, of the other; `words` as people say it.

    `note` is a sentence where the choice could not be kept, or empty.
    """

    index: int
    against: int | None
    words: str
    note: str = ""


def distinct(classes: Sequence[str]) -> tuple[str, ...]:
    """The names of the classes; where two have the same, each with its index.

    >>> distinct(["crane", "ant", "crane"])
    ('crane (0)', 'ant', 'crane (2)')
    """
    often = Counter(classes)
    return tuple(name if often[name] == 1 else f"{name} ({i})" for i, name in enumerate(classes))


def known_to_any(of_networks: Iterable[Sequence[str]]) -> list[str]:
    """The classes of several networks, each once."""
    return list(dict.fromkeys(name for classes in of_networks for name in distinct(classes)))


def target_of(
    network: str, classes: Sequence[str], probabilities: np.ndarray, wanted: str, against: str
) -> Target:
    """What is asked of one network.

    Args:
        network: what notes call it.
        classes: names of its outputs.
        probabilities: (classes,), which say what is most and next likely.
        wanted: a name of `distinct`, or LIKELIEST. The most likely class is taken for a name that
            the network does not know.
        against: a name, NEXT for the likeliest of the others, or NOTHING.
    """
    names = distinct(classes)
    order = [int(i) for i in np.argsort(-np.asarray(probabilities), kind="stable")]
    target, notes = order[0], []
    if wanted in names:
        target = names.index(wanted)
    elif wanted != LIKELIEST:
        notes.append(
            f"{network} does not know the class {wanted}, so its maps are for its most likely one."
        )
    other = next((i for i in order if i != target), None) if against == NEXT else None
    if against in names:
        other = names.index(against)
    elif against not in (NEXT, NOTHING):
        notes.append(f"{network} does not know the class {against}, so it is held against none.")
    if other == target:
        other = None
        notes.append(f"{names[target]} cannot be held against itself; choose another class.")
    words = names[target] if other is None else f"{names[target]} rather than {names[other]}"
    return Target(target, other, words, " ".join(notes))
