"""What sets networks apart, in a few sentences with the numbers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.amounts import listed
from analysis.structure.depths import depth
from analysis.structure.graph import Graph, NoReceptiveField
from analysis.structure.operations import Operation
from analysis.structure.refusals import shape_text


def differences(graphs: Mapping[str, Graph]) -> tuple[str, ...]:
    """Plain sentences on parameters, multiply-adds, depth, branches and receptive fields.

    The keys of `graphs` are the names to use. With one network the sentences describe it.
    """
    return (
        *_amounts(graphs, "parameters", {n: g.totals().params for n, g in graphs.items()}),
        *_linear_shares(graphs),
        *_amounts(graphs, "multiply-adds", {n: g.totals().macs for n, g in graphs.items()}),
        _depths(graphs),
        f"{'; '.join(_joins(name, graph) for name, graph in graphs.items())}.",
        _windows(graphs),
    )


def _amounts(graphs: Mapping[str, Graph], what: str, values: dict[str, int]) -> Iterator[str]:
    ranked = sorted(graphs, key=values.__getitem__, reverse=True)
    most = ranked[0]
    if len(ranked) == 1:
        yield f"{most} has {values[most]:,} {what}."
        return
    others = listed(_against(name, values[most], values[name]) for name in ranked[1:])
    yield f"{most} has {values[most]:,} {what}: {others}."


def _against(name: str, most: int, value: int) -> str:
    if value == most:
        return f"as many as {name}"
    if not value:
        return f"{name} has none"
    return f"{_times(most / value)} as many as {name} ({value:,})"


def _times(ratio: float) -> str:
    return f"{ratio:.2f} times" if ratio < 10 else f"{ratio:,.0f} times"


def _linear_shares(graphs: Mapping[str, Graph]) -> Iterator[str]:
    parts = []
    for name, graph in graphs.items():
        # One that works on every pixel of a map, as in ConvNeXt, is a 1×1 convolution.
        linear = [
            op for op in graph.operations if op.kind == "linear" and op.output_shape[1:] == ()
        ]
        total = graph.totals().params
        if linear and total:
            share = sum(op.params for op in linear) / total
            parts.append(f"{share:.1%} of {name}'s (in {_count(len(linear), 'layer')})")
    if parts:
        yield f"Of the parameters, the fully connected layers hold {listed(parts)}."


def _joins(name: str, graph: Graph) -> str:
    added = _joined(graph, "addition")
    concatenated = _joined(graph, "concatenation")
    gates = sum(_is_gate(graph, op) for op in graph.operations)
    facts = [
        f"adds two paths {_often(len(added))}" if added else "",
        f"joins branches channel by channel {_often(len(concatenated))}" if concatenated else "",
        f"rescales its channels by a gate computed from the whole map {_often(gates)} "
        "(squeeze-and-excitation)"
        if gates
        else "",
    ]
    told = [fact for fact in facts if fact]
    return f"{name} {listed(told)}" if told else f"{name} is one chain, without shortcuts"


def _joined(graph: Graph, kind: str) -> list[Operation]:
    return [op for op in graph.operations if op.kind == kind and len(op.inputs) > 1]


def _is_gate(graph: Graph, op: Operation) -> bool:
    if op.kind != "multiplication" or len(op.inputs) < 2:
        return False
    fields = [graph.operation(name).receptive_field for name in op.inputs if name != "input"]
    return {field.is_local for field in fields if field is not None} == {True, False}


def _windows(graphs: Mapping[str, Graph]) -> str:
    told = listed(_window(name, graph) for name, graph in graphs.items())
    return f"In input pixels, one value of the last map sees {told}."


def _window(name: str, graph: Graph) -> str:
    try:
        field = graph.receptive_field()
    except NoReceptiveField:
        return f"no window of its own in {name}"
    if not field.is_local:
        return f"everything in {name}"
    return f"{shape_text(field.size)} of {shape_text(graph.input_shape[1:])} in {name}"


def _depths(graphs: Mapping[str, Graph]) -> str:
    first, *others = graphs
    told = [f"{_count(depth(graphs[first]), 'layer')} with weights in {first}"]
    told += [f"{depth(graphs[name])} in {name}" for name in others]
    return f"The longest path has {listed(told)}."


def _often(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
