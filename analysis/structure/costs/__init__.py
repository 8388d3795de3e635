"""What design decisions save, by arithmetic alone: no torch, no network, every sum in sight.

>>> from analysis.structure.costs import Inception
>>> Inception().before().macs, Inception(three_reduce=96).after().macs
"""

from __future__ import annotations

from analysis.structure.costs.bottleneck import Bottleneck
from analysis.structure.costs.cardinality import Cardinality
from analysis.structure.costs.decision import Decision, DeckNote, Formula
from analysis.structure.costs.dense import DenseBlock
from analysis.structure.costs.fire import Fire
from analysis.structure.costs.head import Head
from analysis.structure.costs.inception import Inception
from analysis.structure.costs.saving import saving
from analysis.structure.costs.separable import Separable
from analysis.structure.costs.settings import BadSizes, Setting
from analysis.structure.costs.shuffle import Shuffle
from analysis.structure.costs.squeeze_excite import SqueezeExcite
from analysis.structure.costs.terms import COSTS, Cost, Side, Term

__all__ = [
    "COSTS",
    "DECISIONS",
    "BadSizes",
    "Bottleneck",
    "Cardinality",
    "Cost",
    "Decision",
    "DeckNote",
    "DenseBlock",
    "Fire",
    "Formula",
    "Head",
    "Inception",
    "Separable",
    "Setting",
    "Shuffle",
    "Side",
    "SqueezeExcite",
    "Term",
    "saving",
]

# In the order in which the lectures meet them.
DECISIONS: dict[str, type[Decision]] = {
    "inception": Inception,
    "bottleneck": Bottleneck,
    "cardinality": Cardinality,
    "separable": Separable,
    "fire": Fire,
    "shuffle": Shuffle,
    "squeeze_excite": SqueezeExcite,
    "dense": DenseBlock,
    "head": Head,
}
