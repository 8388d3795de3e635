"""Claims about single blocks: stacks of convolutions, Inception and separable convolutions."""

from __future__ import annotations

from analysis.structure.costs.inception import Inception
from analysis.structure.costs.readings import near_misses
from analysis.structure.costs.separable import Separable
from analysis.structure.costs.terms import Side
from analysis.structure.lecture.claims import Claim, Stated
from analysis.structure.lecture.findings import Answer, Finding, Link, Reading, Trace
from analysis.structure.stack import Repeated

_COST = "cost"  # the page


def field_of_a_stack(claim: Claim, trace: Trace) -> Finding:
    """How many pixels three 3×3 convolutions see."""
    stack = Repeated(3, 3)
    grown = [1] + [stack.kernel - 1] * stack.count
    reading = Reading(stack.receptive_field, how=" + ".join(map(str, grown)))
    return Finding((Answer(claim.parts[0], (reading,)),), _stacks(stack))


def weights_of_a_stack(claim: Claim, trace: Trace) -> Finding:
    """What stands before C² in the weights of a stack, without biases."""
    (part,) = claim.parts
    stack = Repeated(*map(int, part.of))
    how = f"{stack.count} × {stack.kernel}² × C²"
    reading = Reading(f"{stack.coefficient} C²", how=how)
    return Finding((Answer(part, (reading,)),), _stacks(Repeated(3, 3)))


def _stacks(stack: Repeated) -> Link:
    choices = {"part": "stacks", "layers": str(stack.count), "small": str(stack.kernel)}
    return Link("receptive_field", choices)


def inception_output(claim: Claim, trace: Trace) -> Finding:
    """Values that the naive block gives; its pooling keeps all channels."""
    (part,) = claim.parts
    side = Inception().before()
    channels, height, width = side.output_shape
    reading = Reading(side.values, how=f"{height} × {width} × {channels}")
    return _inception(part, reading, side, "values")


def naive_inception(claim: Claim, trace: Trace) -> Finding:
    """Multiply-adds of the naive block, branch by branch."""
    side = Inception().before()
    return _inception(claim.parts[0], _sum(side, "macs"), side, "macs")


def bottlenecked_inception(claim: Claim, trace: Trace) -> Finding:
    """The same with 1×1 convolutions before the 3×3 and the 5×5 and after the pooling."""
    side = Inception().after()
    return _inception(claim.parts[0], _sum(side, "macs"), side, "macs")


def _inception(part: Stated, reading: Reading, side: Side, quantity: str) -> Finding:
    """With the slip that leads to what the deck prints, where it does not hold."""
    slip = near_misses(part.text, side, quantity)
    remark = slip.removeprefix("It does not hold: ")
    remark = "" if slip.startswith("It holds") else remark[:1].upper() + remark[1:]
    where = Link(_COST, {"saving": "inception", "quantity": "macs"})
    return Finding((Answer(part, (reading,), remark),), where)


def separable(claim: Claim, trace: Trace) -> Finding:
    """Weights of a 3×3 convolution from 3 to 3 channels, and of the separable one in its place."""
    (part,) = claim.parts
    (form,) = part.of
    side = Separable().before() if form == "standard" else Separable().after()
    where = Link(_COST, {"saving": "separable", "quantity": "params"})
    return Finding((Answer(part, (_sum(side, "params"),)),), where)


def _sum(side: Side, cost: str) -> Reading:
    terms = [f"{amount:,}" for term in side.terms if (amount := term.amount(cost))]
    return Reading(side.amount(cost), how=" + ".join(terms) if len(terms) > 1 else "")
