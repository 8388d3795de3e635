"""How much work it is to measure what a value sees, and what is too much while a class waits."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.amounts import mebibytes, short
from analysis.structure.graph import Graph
from analysis.structure.operations import FLOAT32_BYTES

MOST_WEIGHTS = 600 * 2**20  # bytes
MOST_ACTIVATIONS = 2**30  # bytes that one image leaves for the way back
AT_ONCE = 16 * 10**9  # multiply-adds: about a second on two cores; more when it is asked for
_BUDGET = 64 * 10**9  # multiply-adds forward for all inputs together
_INPUTS = (2, 8)


@dataclass(frozen=True)
class Effort:
    """`refusal` says why it is too much, and is empty otherwise; `inputs` are the images to use."""

    inputs: int
    macs: int
    refusal: str

    @property
    def is_quick(self) -> bool:
        """Whether it can be measured without asking."""
        return not self.refusal and self.macs * self.inputs <= AT_ONCE


def effort(graph: Graph, operation: str) -> Effort:
    """What the effective field of an operation takes."""
    names = [op.name for op in graph.operations]
    before = graph.operations[: names.index(operation) + 1]
    macs = sum(op.macs for op in before)
    weights = graph.totals().params * FLOAT32_BYTES
    activations = sum(op.activation_bytes for op in before)
    affordable = _BUDGET // max(1, macs)
    refusal = ""
    if weights > MOST_WEIGHTS:
        refusal = _too_much("weights", weights, MOST_WEIGHTS, "Choose a smaller network")
    elif activations > MOST_ACTIVATIONS:
        refusal = _too_much("activations", activations, MOST_ACTIVATIONS, "Choose an earlier layer")
    return Effort(min(max(affordable, _INPUTS[0]), _INPUTS[1]), macs, refusal)


def _too_much(what: str, size: int, most: int, instead: str) -> str:
    return (
        f"The effective field is not measured here: {mebibytes(size)} of {what} are more than the "
        f"{mebibytes(most)} that a machine with many students can lend. {instead}."
    )


def asked(work: Effort) -> str:
    """What pressing the switch will cost, in a sentence."""
    return f"{work.inputs} images through {short(work.macs)} multiply-adds, forward and back"
