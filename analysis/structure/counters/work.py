"""The same work as we and one tool see it: the tool's rows, laid beside our operations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from analysis.structure.counters.rows import Count, Row
from analysis.structure.counters.subject import Subject
from analysis.structure.kinds import kind_of_function, kind_of_module, pooled_to_one
from analysis.structure.operations import Operation

# How torch names the function that does the work of these kinds.
_PRODUCTS = {
    "addmm": ("linear", "matrix product"),
    "mm": ("linear", "matrix product"),
    "bmm": ("matrix product", "linear"),
    "convolution": ("convolution", "transposed convolution"),
}


@dataclass(frozen=True)
class Work:
    """What one module does of one kind, and what we and a tool count for it.

    `ours` is in multiply-adds and `theirs` as the tool counts; `written` and `read` are the values
    that the operations give and take, `weights` and `biases` the trained numbers that they use,
    each once a call. `in_graph` is False for a module that evaluation does not run, `is_module`
    for what stands in the code of a larger module.
    """

    module: str
    kind: str
    theirs: int
    ours: int = 0
    written: int = 0
    read: int = 0
    weights: int = 0
    biases: int = 0
    in_graph: bool = True
    is_module: bool = True


def beside(subject: Subject, count: Count) -> tuple[Work, ...]:
    """One entry for all operations of one kind in one module; each row of the tool is in one."""
    owned: defaultdict[str, defaultdict[str, list[Operation]]]
    owned = defaultdict(lambda: defaultdict(list))
    for op in subject.graph.operations:
        owned[subject.owner(op)][op.kind].append(op)
    amounts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in count.rows:
        amounts[row.module, _kind_of_row(subject, row, list(owned[row.module]))] += row.amount
    return tuple(_entries(subject, owned, amounts))


def _entries(subject: Subject, owned: dict, amounts: dict) -> Iterator[Work]:
    for module, kinds in owned.items():
        for kind, operations in kinds.items():
            theirs = amounts.pop((module, kind), 0)
            yield _work(subject, module, kind, operations, theirs)
    for (module, kind), theirs in amounts.items():
        yield Work(module, kind, theirs, in_graph=bool(owned.get(module)))


def _kind_of_row(subject: Subject, row: Row, kinds: Sequence[str]) -> str:
    """The kind of our operation in the same module that a row counts, or that of the module."""
    if len(kinds) == 1:
        return kinds[0]
    module = subject.modules[row.module]
    if not kinds and not any(module.children()):
        return kind_of_module(module)
    name = re.sub(r"^(aten[:.]+)?_?", "", row.operator)
    named = kind_of_function(name)
    wanted = (named, pooled_to_one(named), *_PRODUCTS.get(name, ()))
    return next((kind for kind in wanted if kind in kinds), named)


def _work(
    subject: Subject, module: str, kind: str, operations: list[Operation], theirs: int
) -> Work:
    own = subject.modules[module]
    is_module = any(op.name.partition("#")[0] == module for op in operations)
    if is_module:  # each call uses all of its parameters
        sizes = {name: p.numel() * len(operations) for name, p in own.named_parameters()}
        biases = sizes.pop("bias", 0)
        weights = sum(sizes.values())
    else:
        biases = sum(op.output_shape[0] for op in operations if op.bias)
        weights = sum(op.params for op in operations) - biases
    return Work(
        module=module,
        kind=kind,
        theirs=theirs,
        ours=sum(op.macs for op in operations),
        written=sum(prod(op.output_shape) for op in operations),
        read=sum(prod(op.input_shapes[0]) for op in operations),
        weights=weights,
        biases=biases,
        is_module=is_module,
    )
