"""Claims about single blocks: stacks of convolutions, Inception and separable convolutions."""

from __future__ import annotations

import torch
from torch import nn

from analysis.structure import graph
from analysis.structure.lecture.claims import Claim
from analysis.structure.lecture.findings import Answer, Finding, Link, Reading, Trace
from analysis.structure.operations import Totals
from analysis.structure.stack import Repeated

# The block of the slides: 28×28×256 in; 128 1×1, 192 3×3 and 96 5×5 filters, and a 3×3 pooling.
_INPUT = (256, 28, 28)
_FILTERS = {1: 128, 3: 192, 5: 96}
_NARROW = 64


def field_of_a_stack(claim: Claim, trace: Trace) -> Finding:  # noqa: ARG001
    """How many pixels three 3×3 convolutions see."""
    stack = Repeated(3, 3)
    reading = Reading(stack.receptive_field, how="1 + 2 + 2 + 2")
    return Finding((Answer(claim.parts[0], (reading,)),), Link("receptive_field"))


def weights_of_a_stack(claim: Claim, trace: Trace) -> Finding:  # noqa: ARG001
    """What stands before C² in the weights of a stack, without biases."""
    (part,) = claim.parts
    count, kernel = map(int, part.of)
    reading = Reading(f"{Repeated(count, kernel).coefficient} C²", how=f"{count} × {kernel}² × C²")
    return Finding((Answer(part, (reading,)),), Link("receptive_field"))


def inception_output(claim: Claim, trace: Trace) -> Finding:  # noqa: ARG001
    """Values that the naive block gives; its pooling keeps all channels."""
    channels, height, width = _INPUT
    widths = [*_FILTERS.values(), channels]
    total = sum(widths)
    how = f"{height} × {width} × ({' + '.join(map(str, widths))}) = {height} × {width} × {total}"
    reading = Reading(height * width * total, how=how)
    return Finding((Answer(claim.parts[0], (reading,)),), Link("cost"))


def naive_inception(claim: Claim, trace: Trace) -> Finding:  # noqa: ARG001
    """Multiply-adds of the naive block, branch by branch."""
    terms = [_convolution(_INPUT[0], width, kernel).macs for kernel, width in _FILTERS.items()]
    return Finding((Answer(claim.parts[0], (_sum(terms),)),), Link("cost"))


def bottlenecked_inception(claim: Claim, trace: Trace) -> Finding:  # noqa: ARG001
    """The same with 1×1 convolutions before the 3×3 and the 5×5 and after the pooling."""
    narrow = _convolution(_INPUT[0], _NARROW, 1).macs
    one, three, five = (
        _convolution(_NARROW if kernel > 1 else _INPUT[0], width, kernel).macs
        for kernel, width in _FILTERS.items()
    )
    answer = Answer(claim.parts[0], (_sum([one, narrow, three, narrow, five, narrow]),))
    return Finding((answer,), Link("cost"))


def _sum(terms: list[int]) -> Reading:
    how = " + ".join(f"{term:,}" for term in terms) if len(terms) > 1 else ""
    return Reading(sum(terms), how=how)


def separable(claim: Claim, trace: Trace) -> Finding:  # noqa: ARG001
    """Weights of a 3×3 convolution from 3 to 3 channels, and of the separable one in its place."""
    (part,) = claim.parts
    (form,) = part.of
    channels, kernel = 3, 3
    layers = [_convolution(channels, channels, kernel).params]
    if form == "separable":
        depthwise = _convolution(channels, channels, kernel, groups=channels).params
        layers = [depthwise, _convolution(channels, channels, 1).params]
    return Finding((Answer(part, (_sum(layers),)),), Link("cost"))


def _convolution(inputs: int, outputs: int, kernel: int, groups: int = 1) -> Totals:
    """A convolution without bias on the map of the slides, traced."""
    with torch.device("meta"):
        layer = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, groups=groups, bias=False)
    return graph.trace(nn.Sequential(layer), (inputs, *_INPUT[1:])).totals()
