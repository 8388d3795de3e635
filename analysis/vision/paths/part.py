"""A part of a network that predicts on its own: a column or a head, or the whole network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Part:
    """What one part says of a picture.

    `probabilities` are (classes,). `whole` marks the network itself, or its main head. `where`
    says in words which layers lead to the part.
    """

    label: str
    where: str
    probabilities: np.ndarray
    whole: bool = False
