"""What to look at, and in which networks."""

from __future__ import annotations

from analysis.experiments.signal.flow import DEPTHS, QUANTITIES
from analysis.experiments.signal.starts import STARTS
from pages.parts import segments

_INITS = ("he", "xavier", "small")
UNITS = {
    "activation": "root mean square of the layer's input",
    "backward": "norm of the gradient by the layer's output",
    "gradient": "norm of the gradient by the layer's weights",
}


def quantity() -> str:
    return segments.choose("flow", QUANTITIES, "backward", "What is measured")


def depth() -> int:
    labels = {str(number): f"{number} layers" for number in DEPTHS}
    return int(segments.choose("deep", labels, str(DEPTHS[-1]), "Depth", hidden=False))


def init() -> str:
    labels = {name: STARTS[name].label for name in _INITS}
    return segments.choose("init", labels, "xavier", "Weights start by", hidden=False)


def norm(default: bool) -> bool:
    labels = {"without": "without", "with": "with"}
    usual = "with" if default else "without"
    return segments.choose("norm", labels, usual, "Batch norm", hidden=False) == "with"
