"""How a classifier came about, in words that its card repeats."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

PROGRAM = "python -m analysis.experiments.transfer"


@dataclass(frozen=True)
class Making:
    """What a classifier learned from, and how.

    Attributes:
        how: which layers learned, and by which method, in a sentence.
        start: whose weights it started from.
        command: what repeats it, for a terminal in the project's folder.
        seed: of the split, and of the training.
        learned: pictures to learn from, by class.
    """

    how: str
    start: str
    command: str
    seed: int
    learned: Mapping[str, int]


def of_command(key: str, weights: str, seed: int) -> str:
    """The command that fits a last layer to the pictures below FOLDER and writes the zip."""
    parts = [*PROGRAM.split(), key, "--weights", weights, "--pictures", "FOLDER"]
    return shlex.join([*parts, "--seed", str(seed), "--out", "classifier.zip"])
