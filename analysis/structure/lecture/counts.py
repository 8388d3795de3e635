"""Claims about parameters, multiply-adds, layers and memory, counted on the traced graph."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import prod

import cnn_models
from analysis.structure.depths import WEIGHTED, depth
from analysis.structure.graph import Graph
from analysis.structure.lecture.claims import Claim, collection
from analysis.structure.lecture.findings import (
    Answer,
    Finding,
    Reading,
    Trace,
    architecture,
    compare,
)
from analysis.structure.lecture.shapes import weights_of
from analysis.structure.lecture.verdict import significant
from analysis.structure.operations import FLOAT32_BYTES
from analysis.structure.stages import groups_by_stage

_MB = 10**6  # bytes
_POOLS = ("max pooling", "average pooling", "global average pooling")


def parameters(claim: Claim, trace: Trace) -> Finding:
    """Trainable parameters of the whole network."""
    (key,), (part,) = claim.networks, claim.parts
    return Finding((Answer(part, (Reading(trace(key).totals().params),)),), architecture(key))


def parameters_of_googlenet(claim: Claim, trace: Trace) -> Finding:
    """GoogLeNet's parameters, in the ways in which somebody may have counted fewer."""
    (key,), (part,) = claim.networks, claim.parts
    graph = trace(key)
    total = graph.totals().params
    convolved = sum(op.params for op in graph.operations if op.kind == "convolution")
    weights = sum(map(weights_of, graph.operations))
    readings = (
        Reading(total),
        Reading(weights, "biases are left out"),
        Reading(convolved, "the linear layer is left out"),
    )
    table = _sum_of_the_table("parameters")
    remark = f"The numbers that Table 1 of the paper prints row by row add up to {table:,.0f}."
    return Finding((Answer(part, readings, remark),), architecture(key))


def operations_of_googlenet(claim: Claim, trace: Trace) -> Finding:
    """GoogLeNet's multiply-adds, in all layers and in the convolutions alone."""
    (key,), (part,) = claim.networks, claim.parts
    readings = (Reading(trace(key).totals().macs), _convolutions_only(trace(key)))
    table = _sum_of_the_table("multiply-adds")
    remark = (
        f"The numbers that Table 1 of the paper prints row by row add up to {table:,.0f}, and its "
        f"text names a budget of {_budget(key)}."
    )
    return Finding((Answer(part, readings, remark),), architecture(key))


def _sum_of_the_table(name: str) -> float:
    rows = [c for c in collection().claims if c.quantity == "row of the GoogLeNet table"]
    texts = [part.text for claim in rows for part in claim.parts if part.name == name]
    return sum(significant(text).printed.value for text in texts)


def _budget(key: str) -> str:
    return next(p.value for p in cnn_models.spec(key).published if "budget" in p.protocol)


def multiply_adds_and_parameters(claim: Claim, trace: Trace) -> Finding:
    """Both totals of a network; multiply-adds also of its convolutions alone."""
    (key,), (macs, params) = claim.networks, claim.parts
    totals = trace(key).totals()
    answers = (
        Answer(macs, (Reading(totals.macs), _convolutions_only(trace(key)))),
        Answer(params, (Reading(totals.params),)),
    )
    return Finding(answers, architecture(key, quantity="macs"))


def _convolutions_only(graph: Graph) -> Reading:
    macs = sum(op.macs for op in graph.operations if op.kind == "convolution")
    return Reading(macs, "only convolutions are counted")


def multiply_adds_of_resnet(claim: Claim, trace: Trace) -> Finding:
    """A ResNet's multiply-adds; where a plain twin is named, also with shortcuts that cost none."""
    (key, *twins), (part,) = claim.networks, claim.parts
    readings = [Reading(trace(key).totals().macs)]
    words = "shortcuts have no weights (option A of the paper), as in the plain network's count"
    readings += [Reading(trace(twin).totals().macs, words) for twin in twins]
    return Finding((Answer(part, tuple(readings)),), architecture(key, quantity="macs"))


def times_fewer_parameters(claim: Claim, trace: Trace) -> Finding:
    """How many times the parameters of the second network the first one has."""
    large, small = claim.networks
    many, few = (trace(key).totals().params for key in (large, small))
    reading = Reading(many / few, how=f"{many:,} ÷ {few:,}")
    answer = Answer(claim.parts[0], (reading,), _by_the_decks(large, small))
    return Finding((answer,), compare(small, large))


def _by_the_decks(large: str, small: str) -> str:
    """The factor between the parameters that the decks give for two networks, if they give them."""
    many, few = (
        [
            part.text
            for claim in collection().claims
            for part in claim.parts
            if claim.networks == (key,) and claim.quantity.startswith("parameters")
        ]
        for key in (large, small)
    )
    if not many or not few:
        return ""
    factor = significant(many[0]).printed.value / significant(few[0]).printed.value
    return f"The decks' own numbers, {many[0]} and {few[0]}, make it {factor:.3g}."


def weight_layers(claim: Claim, trace: Trace) -> Finding:
    """Layers with weights on the longest path."""
    return _layers(claim, trace, WEIGHTED)


def layers_with_pooling(claim: Claim, trace: Trace) -> Finding:
    """Layers with weights and poolings on the longest path."""
    return _layers(claim, trace, WEIGHTED | set(_POOLS))


def _layers(claim: Claim, trace: Trace, kinds: Collection[str]) -> Finding:
    (key,) = claim.networks
    reading = Reading(depth(trace(key), kinds))
    return Finding((Answer(claim.parts[0], (reading,)),), architecture(key))


def building_blocks(claim: Claim, trace: Trace) -> Finding:
    """How many parts a network is made of, which depends on what is called one."""
    (key,) = claim.networks
    kinds = [op.kind for op in trace(key).operations]
    fused = [kind for kind in kinds if kind not in ("ReLU", "flatten")]
    readings = (
        Reading(len(fused), "a convolution and its ReLU are one block"),
        Reading(len(kinds), "every operation is a block"),
    )
    return Finding((Answer(claim.parts[0], readings),), architecture(key))


def blocks_in_each_stage(claim: Claim, trace: Trace) -> Finding:
    """How many numbered submodules each of the modules that are named has."""
    (key,), (part,) = claim.networks, claim.parts
    counts = [blocks_of(trace(key), stage) for stage in part.of]
    reading = Reading(", ".join(map(str, counts)))
    return Finding((Answer(part, (reading,)),), architecture(key, stage=part.of[0]))


def blocks_of(graph: Graph, module: str) -> int:
    """How many submodules directly below `module` hold convolutions."""
    inside = [
        op.name.removeprefix(f"{module}.")
        for op in graph.operations
        if op.kind == "convolution" and op.name.startswith(f"{module}.")
    ]
    return len({name.split(".")[0] for name in inside})


def kinds_of_layers(claim: Claim, trace: Trace) -> Finding:
    """Layers with weights below modules whose names begin with the words given."""
    (key,) = claim.networks
    ops = [op for op in trace(key).operations if op.kind in WEIGHTED]
    answers = []
    for part in claim.parts:
        beginnings = tuple(part.of[0].split())
        count = sum(op.name.startswith(beginnings) for op in ops)
        answers.append(Answer(part, (Reading(count),)))
    return Finding(tuple(answers), architecture(key))


def memory_of_one_image(claim: Claim, trace: Trace) -> Finding:
    """Megabytes of the values that a forward pass writes in float32."""
    (key,), (part,) = claim.networks, claim.parts
    graph = trace(key)
    kept = [op for op in graph.operations if op.kind in WEIGHTED or op.kind.endswith("max pooling")]
    lines = prod(graph.input_shape) + sum(prod(op.output_shape) for op in kept)
    readings = (
        _size(lines, _MB, "", f"{lines:,} values in the deck's own lines × {FLOAT32_BYTES} bytes"),
        _size(graph.totals().activations, _MB, "the outputs of ReLUs are kept too"),
        _size(lines, 2**20, "MB means 2²⁰ bytes"),
    )
    needed = round(significant(part.text).printed.value * _MB / FLOAT32_BYTES)
    remark = f"{part.text} would be {needed:,} values of {FLOAT32_BYTES} bytes."
    return Finding((Answer(part, readings, remark),), architecture(key, quantity="memory"))


def _size(values: int, unit: int, words: str, how: str = "") -> Reading:
    size = values * FLOAT32_BYTES / unit
    return Reading(size, words, how, text=f"{size:.1f} {'MB' if unit == _MB else 'MiB'}")


def where_it_is_spent(claim: Claim, trace: Trace) -> Finding:
    """The part of a network that holds most values, and the part with most parameters."""
    (key,), (memory, params) = claim.networks, claim.parts
    graph = trace(key)
    stages = cnn_models.spec(key).stages
    stage_of = groups_by_stage(graph, stages)
    spent = {stage: [0, 0] for stage in stages}
    for op in graph.operations:
        if stage_of[op.name] in spent:
            spent[stage_of[op.name]][0] += op.activations
            spent[stage_of[op.name]][1] += op.params
    answers = []
    for place, part in enumerate((memory, params)):
        total = sum(pair[place] for pair in spent.values())
        most = max(spent, key=lambda stage: spent[stage][place])
        how = f"{spent[most][place] / total:.0%} of all in {most}"
        answers.append(Answer(part, (Reading(_third(stages, most), how=how),)))
    return Finding(tuple(answers), architecture(key, quantity="memory"))


def _third(stages: Sequence[str], stage: str) -> str:
    """The deck's words for a stage: the first half of the convolutions is early."""
    if stage == stages[-1]:
        return "late FC"
    return "early conv" if stages.index(stage) < (len(stages) - 1) / 2 else "late conv"
