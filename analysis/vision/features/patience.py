"""How many steps of gradient ascent a class can wait for."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.amounts import mebibytes, short
from analysis.structure.graph import Graph
from analysis.structure.operations import FLOAT32_BYTES

STEPS = 128  # for a small network
FEWEST = 16
_BUDGET = 64 * 10**9  # multiply-adds forward, for all steps: a few seconds on two cores
_QUICK = 16 * 10**9  # begun without asking
_MOST_WEIGHTS = 600 * 2**20  # bytes
_MOST_ACTIVATIONS = 2**30  # bytes that one image leaves for the way back


@dataclass(frozen=True)
class Patience:
    """`steps` of `macs` multiply-adds forward each; `refusal` says why it is too much, or is ""."""

    steps: int
    macs: int
    refusal: str

    @property
    def is_quick(self) -> bool:
        """Whether it can begin without asking."""
        return not self.refusal and self.steps * self.macs <= _QUICK

    @property
    def costs(self) -> str:
        """What it takes, in words."""
        return f"{self.steps} steps through {short(self.macs)} multiply-adds, forward and back"


def patience(graph: Graph, operation: str | None = None) -> Patience:
    """What climbing an operation takes; the whole network when it is left out."""
    names = [op.name for op in graph.operations]
    end = len(names) if operation is None else names.index(operation) + 1
    before = graph.operations[:end]
    macs = max(1, sum(op.macs for op in before))
    steps = min(STEPS, max(FEWEST, _BUDGET // macs))
    weights = graph.totals().params * FLOAT32_BYTES
    activations = sum(op.activation_bytes for op in before)
    return Patience(steps, macs, _refusal(weights, activations))


def _refusal(weights: int, activations: int) -> str:
    if weights > _MOST_WEIGHTS:
        return _too_much("weights", weights, _MOST_WEIGHTS, "Choose a smaller network")
    if activations > _MOST_ACTIVATIONS:
        what = "activations for the way back"
        return _too_much(what, activations, _MOST_ACTIVATIONS, "Choose an earlier layer")
    return ""


def _too_much(what: str, size: int, most: int, instead: str) -> str:
    return (
        f"No image is climbed here: {mebibytes(size)} of {what} are more than the "
        f"{mebibytes(most)} that a machine with many students can lend. {instead}."
    )
