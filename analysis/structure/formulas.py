"""Where a number of the layer table comes from: the rule, and the rule with the numbers put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from typing import TypeVar

from analysis.structure.operations import FLOAT32_BYTES, Operation, Shape
from analysis.structure.sizes import size_formula

_T = TypeVar("_T")

# By the number of axes: the places of a map, and the values of a kernel.
_AXES = {
    1: ("L_out", "K"),
    2: ("H_out × W_out", "K_h × K_w"),
    3: ("D_out × H_out × W_out", "K_d × K_h × K_w"),
}
_LETTERS = {
    "D_in": "depth of the input",
    "H_in": "height of the input",
    "W_in": "width of the input",
    "L_in": "length of the input",
    "D_out": "depth of the output",
    "H_out": "height of the output",
    "W_out": "width of the output",
    "L_out": "length of the output",
    "C_in": "channels of the input",
    "C_out": "channels of the output",
    "K_d": "depth of the kernel",
    "K_h": "height of the kernel",
    "K_w": "width of the kernel",
    "K": "side of the kernel",
    "S": "stride",
    "P": "padding on each side",
    "P_before": "padding above or to the left",
    "P_after": "padding below or to the right",
    "D": "dilation",
    "extra": "output padding",
    "groups": "parts into which the channels are divided",
    "γ": "trained scale",
    "β": "trained shift",
    "r_in": "receptive field before this layer, in input pixels",
    "step_in": "step from one window to the next before this layer, in input pixels",
    "n": "values along this side of the map",
}
_LETTER_OF = {"depth": "D", "height": "H", "width": "W"}
_PARAMETER_RULES = {
    "linear": "outputs × inputs",
    "batch norm": "one γ a channel + one β a channel",
    "layer norm": "one γ a channel + one β a channel",
}


@dataclass(frozen=True)
class Formula:
    """`quantity` follows from `rule`; `numbers` is the same with numbers, and comes to `value`.

    `numbers` is plain arithmetic with ×, +, −, /, brackets, and ⌊ ⌋ or ⌈ ⌉ for rounding. `where`
    says what the letters of `rule` mean, on one line; it is empty where there are none.
    """

    quantity: str
    rule: str
    numbers: str
    value: int
    where: str = ""


def explain(operation: Operation) -> tuple[Formula, ...]:
    """The formulas of what one operation makes and costs, in the order of the table's columns.

    Output size, parameters, multiply-adds, memory in bytes, and the receptive field with its
    step, as far as each has a formula. Axes that come out alike are given once.
    """
    found = (*_output(operation), *_parameters(operation), *_macs(operation))
    found = (*found, _memory(operation), *_receptive_field(operation))
    return tuple(replace(formula, where=_where(formula.rule)) for formula in found)


def _where(rule: str) -> str:
    names = set(re.findall(r"\w+", rule))
    return ", ".join(f"{name}: {told}" for name, told in _LETTERS.items() if name in names)


def _output(op: Operation) -> Iterator[Formula]:
    if op.kind == "concatenation" and len({shape[1:] for shape in op.input_shapes}) == 1:
        channels = [shape[0] for shape in op.input_shapes]
        if sum(channels) == op.output_shape[0]:
            yield Formula("channels", "sum over the branches", _sum(channels), sum(channels))
    if op.kind == "flatten":
        numbers = _product(op.input_shapes[0])
        yield Formula("values", "C_in × H_in × W_in", numbers, prod(op.input_shapes[0]))
    if op.padding is None or op.kind.startswith(("global", "adaptive")):
        return
    sizes = [size_formula(op, axis) for axis in range(len(op.padding))]
    output = op.output_shape[-len(op.padding) :]
    for name, (rule, numbers), side in _alike("output size", sizes, output):
        letter = "L" if len(sizes) == 1 else _LETTER_OF.get(name.rpartition(", ")[2], "H")
        yield Formula(name, rule.replace("H_in", f"{letter}_in"), numbers, side)


def _parameters(op: Operation) -> Iterator[Formula]:
    if not op.param_shapes:
        return
    numbers = _sum([_product(shape) for shape in op.param_shapes])
    rule = _PARAMETER_RULES.get(op.kind, "sum over its weights")
    if op.kind == "convolution" and op.kernel:
        inputs = "C_in / groups" if op.groups > 1 else "C_in"
        rule = f"C_out × {inputs} × {_AXES[len(op.kernel)][1]}"
    if op.bias and len(op.param_shapes) == 2:
        rule += " + one bias an output"
    yield Formula("parameters", rule, numbers, op.params)


def _macs(op: Operation) -> Iterator[Formula]:
    if not op.macs:
        return
    numbers, rule = str(op.macs), "as torch counts it"
    if op.kind == "convolution" and op.kernel:
        sides = (*op.output_shape[1:], op.output_shape[0], *op.kernel, op.input_shapes[0][0])
        positions, window = _AXES[len(op.kernel)]
        numbers, rule = _product(sides), f"{positions} × C_out × {window} × C_in"
        if op.groups > 1:
            numbers, rule = f"{numbers} / {op.groups}", f"{rule} / groups"
    elif op.kind == "linear":
        numbers = _product((*op.output_shape, op.input_shapes[0][-1]))
        rule = "outputs × inputs" if len(op.output_shape) == 1 else "places × outputs × inputs"
    yield Formula("multiply-adds", rule, numbers, op.macs)


def _memory(op: Operation) -> Formula:
    if not op.activations:
        rule = "nothing is written: a view, work in place, or nothing to do in evaluation"
        return Formula("memory in bytes", rule, "0", 0)
    numbers, rule = _product((*op.output_shape, FLOAT32_BYTES)), "values × 4 bytes"
    if op.activations != prod(op.output_shape):  # several results
        numbers = _product((op.activations, FLOAT32_BYTES))
    return Formula("memory in bytes", rule, numbers, op.activation_bytes)


def _receptive_field(op: Operation) -> Iterator[Formula]:
    before, after = op.input_field, op.receptive_field
    if before is None or after is None or not before.is_local:
        return
    if not after.is_local:
        yield from _whole_map(op, before.size, before.stride, after.size)
        return
    if op.kernel is None or op.stride is None or op.dilation is None:
        return
    axes = range(len(op.kernel))
    sizes = [
        f"{before.size[i]} + {op.dilation[i]} × ({op.kernel[i]} − 1) × {before.stride[i]}"
        for i in axes
    ]
    for name, numbers, side in _alike("receptive field", sizes, after.size):
        yield Formula(name, "r_in + D × (K − 1) × step_in", numbers, side)
    steps = [f"{before.stride[i]} × {op.stride[i]}" for i in axes]
    for name, numbers, step in _alike("step", steps, after.stride):
        yield Formula(name, "step_in × S", numbers, step)


def _whole_map(op: Operation, size: Shape, step: Shape, after: Shape) -> Iterator[Formula]:
    """Pooling over a map of n values an axis joins the windows of all of them."""
    sides = op.input_shapes[0][-len(size) :]
    if "pooling" not in op.kind or len(op.input_shapes[0]) != len(size) + 1:
        return
    sums = [f"{r} + ({n} − 1) × {j}" for r, n, j in zip(size, sides, step, strict=True)]
    for name, numbers, side in _alike("receptive field", sums, after):
        yield Formula(name, "r_in + (n − 1) × step_in, the whole map", numbers, side)


def _alike(quantity: str, given: list[_T], values: Shape) -> Iterator[tuple[str, _T, int]]:
    """One name if all axes agree, else one an axis."""
    if len(set(given)) == 1:
        yield quantity, given[0], values[0]
        return
    names = ("depth", "height", "width")[-len(values) :]
    for name, each, value in zip(names, given, values, strict=True):
        yield f"{quantity}, {name}", each, value


def _product(sides: Shape) -> str:
    return " × ".join(str(side) for side in sides) or "1"


def _sum(terms: list[int] | list[str]) -> str:
    return " + ".join(str(term) for term in terms)
