"""Colours and lines of the strategies, and of what searches find."""

from __future__ import annotations

from analysis.charts.palette import FAMILY_COLOURS, KIND_COLOURS, NEUTRAL

CONTROLLER = FAMILY_COLOURS["nasnet"]
COLOURS = {
    "random": NEUTRAL,
    "evolution": KIND_COLOURS["batch norm"],
    "reinforce": CONTROLLER,
}
DASHES = {"random": "dash", "evolution": "dot", "reinforce": "solid"}
FOUND = (KIND_COLOURS["convolution"], KIND_COLOURS["linear"])
