"""Claims about layers and their outputs, read from the traced graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import prod

import cnn_models
from analysis.structure.graph import Graph
from analysis.structure.lecture.claims import Claim, Stated
from analysis.structure.lecture.findings import Answer, Finding, Reading, Trace, architecture
from analysis.structure.notation import sides
from analysis.structure.operations import Operation, Shape
from analysis.structure.stages import groups_by_stage

_BINARY = 1024  # what K sometimes means


def layer_sequence(claim: Claim, trace: Trace) -> Finding:
    """Convolution, pooling or fully connected: one word for each stage that has weights."""
    (key,) = claim.networks
    graph = trace(key)
    stage_of = groups_by_stage(graph, cnn_models.spec(key).stages)
    stages = [list(ops) for _, ops in groupby(graph.operations, lambda op: stage_of[op.name])]
    answer = Answer(
        claim.parts[0],
        (
            Reading(_words(stages, covering="conv")),
            Reading(
                _words(stages, covering="fc"),
                "a convolution whose kernel covers its whole input, as that of C5, is called fully "
                "connected, and the output, which has no trained weights, is left out",
            ),
        ),
    )
    return Finding((answer,), architecture(key))


def _words(stages: Sequence[Sequence[Operation]], covering: str) -> str:
    return ", ".join(word for ops in stages if (word := _word(ops, covering)))


def _word(ops: Sequence[Operation], covering: str) -> str:
    """What a stage is called; `covering` is the word for a convolution that covers its input."""
    kinds = {op.kind for op in ops}
    if any(kind.endswith("pooling") for kind in kinds):
        return "pool"
    if "linear" in kinds:
        return "fc"
    convolutions = [op for op in ops if op.kind == "convolution"]
    if not convolutions:
        return ""
    return covering if all(op.kernel == op.input_shapes[0][1:] for op in convolutions) else "conv"


def windows(claim: Claim, trace: Trace) -> Finding:
    """Kernel and stride of the convolutions or poolings below the modules that are named."""
    (key,) = claim.networks
    ops = list(_below(trace(key), claim.parts[0].of[0].split()))
    found = sorted(
        {f"{sides(op.kernel)}, stride {max(op.stride or (1,))}" for op in ops if op.kernel}
    )
    answer = Answer(claim.parts[0], (Reading(" and ".join(found)),))
    return Finding((answer,), architecture(key, layer=ops[0].name))


def filters(claim: Claim, trace: Trace) -> Finding:
    """Output channels of some layers in the paper's network, and in its other version."""
    paper, other = claim.networks
    (part,) = claim.parts
    name = cnn_models.spec(other).display_name
    words = f"the paper's other network is meant, which this atlas calls {name}"
    readings = (
        Reading(_channels(trace(paper), part.of)),
        Reading(_channels(trace(other), part.of), words),
    )
    return Finding((Answer(part, readings),), architecture(other, layer=part.of[0]))


def _channels(graph: Graph, names: Sequence[str]) -> str:
    return ", ".join(str(graph.operation(name).output_shape[0]) for name in names)


def output(claim: Claim, trace: Trace) -> Finding:
    """The shape that an operation or a module gives, as H×W×C."""
    (key,) = claim.networks
    graph, (part,) = trace(key), claim.parts
    name = part.of[0]
    shape = graph.input_shape if name == "input" else _last(graph, name).output_shape
    where = (
        architecture(key) if name == "input" else architecture(key, layer=_last(graph, name).name)
    )
    return Finding((Answer(part, (Reading(by_size(shape)),)),), where)


def output_of_a_norm(claim: Claim, trace: Trace) -> Finding:
    """AlexNet's response norms: in the paper before the pooling, in other drawings behind it."""
    (key,) = claim.networks
    graph, (part,) = trace(key), claim.parts
    norm, pool = (graph.operation(name) for name in part.of)
    moved = "the norm comes after the pooling, as on the slide; in the paper it comes before"
    readings = (Reading(by_size(norm.output_shape)), Reading(by_size(pool.output_shape), moved))
    return Finding((Answer(part, readings),), architecture(key, layer=norm.name))


def row_of_vgg16(claim: Claim, trace: Trace) -> Finding:
    """One line of the table of VGG-16: output, values kept for it, parameters."""
    (key,) = claim.networks
    graph, (shape, kept, params) = trace(key), claim.parts
    name = shape.of[0]
    if name == "input":
        size, ops, where = graph.input_shape, [], architecture(key)
    else:
        op = graph.operation(name)
        size, ops, where = op.output_shape, [op], architecture(key, layer=name)
    answers = (
        Answer(shape, (Reading(by_size(size, at_least=3)),)),
        Answer(kept, (Reading(prod(size)),)),
        Answer(params, _parameters(ops)),
    )
    return Finding(answers, where)


def _parameters(ops: Sequence[Operation]) -> tuple[Reading, ...]:
    counted, weights = sum(op.params for op in ops), sum(map(weights_of, ops))
    if counted == weights:
        return (Reading(counted),)
    return Reading(counted), Reading(weights, "biases are left out")


def row_of_googlenet(claim: Claim, trace: Trace) -> Finding:
    """One line of GoogLeNet's Table 1: output, parameters, operations."""
    (key,) = claim.networks
    graph, (shape, *numbers) = trace(key), claim.parts
    ops = list(_below(graph, shape.of))
    answers = [Answer(shape, (Reading(by_size(ops[-1].output_shape, at_least=3)),))]
    if numbers:
        params, macs = numbers
        remark = _separable_stem(ops) if shape.of == ("stem.conv1",) else ""
        answers += [
            Answer(params, tuple(_in_thousands(ops))),
            Answer(macs, (Reading(sum(op.macs for op in ops)),), remark),
        ]
    named = next((op for op in reversed(ops) if op.kind in ("concatenation", "linear")), ops[0])
    return Finding(tuple(answers), architecture(key, layer=named.name))


def _in_thousands(ops: Sequence[Operation]) -> Iterator[Reading]:
    """Parameters with and without biases, K as 1000 and as 1024, as the table may have meant."""
    counted, weights = sum(op.params for op in ops), sum(map(weights_of, ops))
    without = "biases are left out"
    yield Reading(counted)
    yield Reading(weights, without)
    for count, also in ((counted, ""), (weights, f" and {without}")):
        yield Reading(
            1000 * count / _BINARY,
            f"K means {_BINARY}{also}",
            text=f"{count / _BINARY:.1f} × {_BINARY}",
        )


def _separable_stem(ops: Sequence[Operation]) -> str:
    """What Table 1 counts in its first row, which is no ordinary convolution."""
    op = ops[0]
    (channels, *_), (width, *size) = op.input_shapes[0], op.output_shape
    each = 8  # filters for each channel, the depth multiplier of the BN-Inception paper
    weights = prod(op.kernel or ()) * channels * each + channels * each * width
    return (
        f"Both printed numbers fit another layer: a depthwise 7×7 with {each} filters for each "
        f"colour and a 1×1 behind it have {weights:,} weights and "
        f"{weights * prod(size):,} multiply-adds."
    )


def branches(claim: Claim, trace: Trace) -> Finding:
    """The channels that the branches of an Inception block give, and their sum."""
    (key,) = claim.networks
    graph = trace(key)
    answers = [Answer(part, (Reading(_sum_of_branches(graph, part)),)) for part in claim.parts]
    return Finding(tuple(answers), architecture(key, stage=claim.parts[0].of[0]))


def _sum_of_branches(graph: Graph, part: Stated) -> str:
    joined = _last(graph, part.of[0])
    widths = [shape[0] for shape in joined.input_shapes]
    return f"{'+'.join(map(str, widths))}={joined.output_shape[0]}"


def _below(graph: Graph, modules: Sequence[str]) -> Iterator[Operation]:
    """The operations that are one of `modules` or inside of one, in order."""
    for op in graph.operations:
        if any(op.name == name or op.name.startswith(f"{name}.") for name in modules):
            yield op


def _last(graph: Graph, module: str) -> Operation:
    return list(_below(graph, [module]))[-1]


def weights_of(op: Operation) -> int:
    """Parameters without biases: those in tensors of two dimensions or more."""
    return sum(prod(shape) for shape in op.param_shapes if len(shape) > 1)


def by_size(shape: Shape, at_least: int = 1) -> str:
    """(C, H, W) as the decks write it, "H×W×C"; a vector with `at_least` 3 as "1×1×C"."""
    channels, *size = shape
    ones = [1] * max(0, at_least - len(shape))
    return "×".join(map(str, [*ones, *size, channels]))
