"""Claims about what squeeze-and-excitation blocks cost in other networks."""

from __future__ import annotations

from math import prod

import cnn_models
from analysis.structure.depths import depth
from analysis.structure.graph import Graph
from analysis.structure.lecture.claims import Claim
from analysis.structure.lecture.counts import blocks_of
from analysis.structure.lecture.findings import (
    Answer,
    Finding,
    Reading,
    Trace,
    architecture,
    compare,
)

_ELEMENTWISE = "additions of shortcuts and multiplications by gates count one each"
_SQUEEZED = f"{_ELEMENTWISE}, and so do the additions of global pooling"


def cost_with_a_gate(claim: Claim, trace: Trace) -> Finding:
    """Multiply-adds of a network without and with its gates, as one pair."""
    return Finding((_multiply_adds(claim, trace),), compare(*claim.networks))


def small_cost_with_a_gate(claim: Claim, trace: Trace) -> Finding:
    """The same for small networks, with their parameters."""
    params = tuple(trace(key).totals().params for key in claim.networks)
    answers = (_multiply_adds(claim, trace), Answer(claim.parts[1], (Reading(params),)))
    return Finding(answers, compare(*claim.networks))


def _multiply_adds(claim: Claim, trace: Trace) -> Answer:
    graphs = [trace(key) for key in claim.networks]
    plain = tuple(graph.totals().macs for graph in graphs)
    elementwise = tuple(graph.totals().macs + _joined(graph) for graph in graphs)
    squeezed = tuple(e + _pooled(g) for e, g in zip(elementwise, graphs, strict=True))
    readings = (Reading(plain), Reading(elementwise, _ELEMENTWISE), Reading(squeezed, _SQUEEZED))
    return Answer(claim.parts[0], readings, _departure(claim))


def _departure(claim: Claim) -> str:
    """What the spec of the network says under the words that the claim names, if it names any."""
    told = cnn_models.spec(claim.networks[0]).departures
    return next((d for words in claim.parts[0].of for d in told if d.startswith(words)), "")


def _joined(graph: Graph) -> int:
    """Values that additions and multiplications of two maps give."""
    kinds = ("addition", "multiplication")
    return sum(prod(op.output_shape) for op in graph.operations if op.kind in kinds)


def _pooled(graph: Graph) -> int:
    """Values that global average pooling adds up."""
    pools = [op for op in graph.operations if op.kind == "global average pooling"]
    return sum(prod(op.input_shapes[0]) for op in pools)


def base_architecture(claim: Claim, trace: Trace) -> Finding:
    """The network that SENet-154 was made from, by its blocks and its groups."""
    key, base = claim.networks
    graph, resnet = trace(key), trace(base)
    stages = ("layer1", "layer2", "layer3", "layer4")
    alike = [blocks_of(graph, s) for s in stages] == [blocks_of(resnet, s) for s in stages]
    groups = max(op.groups for op in graph.operations)
    deep = depth(graph)
    first = sum(op.kind == "convolution" for op in graph.operations if op.name.startswith("layer0"))
    kind = "ResNeXt" if groups > 1 and alike else "another network"
    readings = (
        Reading(f"{kind}-{deep}", how=f"{deep} layers, {groups} groups"),
        Reading(
            f"{kind}-{deep - first + 1}",
            f"its first {first} convolutions count as the one 7×7 that they replace; the blocks "
            "are those of ResNet-152",
        ),
    )
    return Finding((Answer(claim.parts[0], readings),), architecture(key))
