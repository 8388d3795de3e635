"""One design decision made anew in a network of the registry, and what that costs.

>>> from analysis.structure import decisions
>>> decisions.offered("resnet50")
>>> decisions.apply("resnet50", "squeeze_excite", 16).after.params
28088024
"""

from __future__ import annotations

from analysis.structure.decisions.applying import (
    DECISIONS,
    apply,
    build_changed,
    offer_of,
    offered,
)
from analysis.structure.decisions.change import Change, NotOffered, Offer, Row, Value

__all__ = [
    "DECISIONS",
    "Change",
    "NotOffered",
    "Offer",
    "Row",
    "Value",
    "apply",
    "build_changed",
    "offer_of",
    "offered",
]
