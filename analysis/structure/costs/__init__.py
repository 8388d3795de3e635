"""What design decisions save, by arithmetic alone: no torch, no network, every sum in sight.

>>> from analysis.structure.costs import Inception
>>> Inception().before().macs, Inception(three_reduce=96).after().macs
"""

from __future__ import annotations

from analysis.structure.costs.decision import Decision, DeckNote, Formula
from analysis.structure.costs.inception import Inception
from analysis.structure.costs.separable import Separable
from analysis.structure.costs.settings import BadSizes, Setting
from analysis.structure.costs.terms import COSTS, Cost, Side, Term

__all__ = [
    "COSTS",
    "DECISIONS",
    "BadSizes",
    "Cost",
    "Decision",
    "DeckNote",
    "Formula",
    "Inception",
    "Separable",
    "Setting",
    "Side",
    "Term",
]

# In the order in which the lectures meet them.
DECISIONS: dict[str, type[Decision]] = {
    "inception": Inception,
    "separable": Separable,
}
