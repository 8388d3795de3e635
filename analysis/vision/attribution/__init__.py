"""Which pixels a network looked at: one map for one class, by one of thirteen methods.

Every map answers for one score of the network (before the softmax), or for the difference of two,
and has the size of the input.
"""

from analysis.vision.attribution.asking import attribute, refusal
from analysis.vision.attribution.attribution_map import AttributionMap, MethodRefused
from analysis.vision.attribution.baselines import BASELINES
from analysis.vision.attribution.method import Method
from analysis.vision.attribution.methods import METHODS
from analysis.vision.attribution.options import Options

__all__ = [
    "BASELINES",
    "METHODS",
    "AttributionMap",
    "Method",
    "MethodRefused",
    "Options",
    "attribute",
    "refusal",
]
