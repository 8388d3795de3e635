"""The arithmetic that is printed comes to the numbers that were traced."""

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from analysis.structure import graph
from analysis.structure.formulas import Formula, explain
from tests.analysis.structure.arithmetic import worked_out
from tests.networks import one_of_each_paper


def by_quantity(op: graph.Operation) -> dict[str, Formula]:
    return {formula.quantity: formula for formula in explain(op)}


def assert_true_of(op: graph.Operation) -> None:
    told = by_quantity(op)
    assert len(told) == len(explain(op))
    for formula in told.values():
        assert worked_out(formula.numbers) == formula.value, (op.name, formula)
    assert (told["parameters"].value if op.params else 0) == op.params
    assert (told["multiply-adds"].value if op.macs else 0) == op.macs
    assert told["memory in bytes"].value == op.activation_bytes
    if "output size" in told:
        assert set(op.output_shape[1:]) == {told["output size"].value}
    if "receptive field" in told:
        assert op.receptive_field is not None
        assert set(op.receptive_field.size) == {told["receptive field"].value}


@one_of_each_paper
def test_every_formula_of_every_network_comes_to_the_traced_number(key, traced):
    for op in traced(key).operations:
        assert_true_of(op)


def assert_every_letter_is_explained(op: graph.Operation) -> None:
    for formula in explain(op):
        letters = re.findall(r"\b(?:[A-Za-zγβ]|\w+_\w+|groups|extra)\b", formula.rule)
        prose = {"a"}  # as in "one bias a channel"
        for letter in set(letters) - prose:
            assert re.search(rf"\b{letter}: \w", formula.where), (op.name, formula)
        assert "\n" not in formula.where


@one_of_each_paper
def test_every_letter_of_every_rule_is_explained(key, traced):
    for op in traced(key).operations:
        assert_every_letter_is_explained(op)


@one_of_each_paper
def test_whatever_costs_something_is_explained_by_more_than_a_number(key, traced):
    for op in traced(key).operations:
        told = by_quantity(op)
        if op.macs:
            assert "×" in told["multiply-adds"].numbers
        if op.kernel:
            assert any(name.startswith("output") for name in told)
        if op.kernel and op.input_field and op.input_field.is_local:
            assert any(name.startswith("receptive field") for name in told)


def test_the_example_of_the_lecture(traced):
    told = by_quantity(traced("googlenet").operation("stem.conv3.conv"))
    assert told["multiply-adds"] == Formula(
        "multiply-adds",
        "H_out × W_out × C_out × K_h × K_w × C_in",
        "56 × 56 × 192 × 3 × 3 × 64",
        346_816_512,
        "H_out: height of the output, W_out: width of the output, C_in: channels of the input, "
        "C_out: channels of the output, K_h: height of the kernel, K_w: width of the kernel",
    )
    assert told["output size"].rule == "⌊(H_in + 2 × P − D × (K − 1) − 1) / S⌋ + 1"
    assert told["parameters"].rule == "C_out × C_in × K_h × K_w + one bias an output"
    assert told["step"].rule == "step_in × S"
    assert told["parameters"].numbers == "192 × 64 × 3 × 3 + 192"
    assert told["output size"].numbers == "⌊(56 + 2 × 1 − 1 × (3 − 1) − 1) / 1⌋ + 1"
    assert told["receptive field"].numbers == "11 + 1 × (3 − 1) × 4"
    assert told["receptive field"].value == 19
    assert told["memory in bytes"].numbers == "192 × 56 × 56 × 4"


def test_groups_divide_the_work(traced):
    told = by_quantity(traced("alexnet").operation("stage2.conv2"))
    assert told["multiply-adds"].rule.endswith("/ groups")
    assert told["parameters"].rule.startswith("C_out × C_in / groups × K_h × K_w")
    assert told["multiply-adds"].numbers == "27 × 27 × 256 × 5 × 5 × 96 / 2"


def test_a_join_adds_up_the_channels(traced):
    told = by_quantity(traced("googlenet").operation("inception3a.cat"))
    assert told["channels"].numbers == "64 + 128 + 32 + 32"


def test_a_view_writes_nothing(traced):
    told = by_quantity(traced("vgg16").operation("flatten"))
    assert told["memory in bytes"].value == 0
    assert told["values"].numbers == "512 × 7 × 7"


sides = st.integers(1, 5)
windows = st.one_of(
    st.builds(
        lambda k, s, p, d: nn.Conv2d(2, 3, k, s, p, d),
        st.tuples(sides, sides),
        st.tuples(sides, sides),
        st.tuples(sides, sides),
        st.tuples(sides, sides),
    ),
    st.builds(
        lambda k, s, half, d, up: nn.MaxPool2d(k, s, min(half, k // 2), d, ceil_mode=up),
        sides, sides, sides, sides, st.booleans(),
    ),
    st.builds(
        lambda k, s, half, up: nn.AvgPool2d(k, s, min(half, k // 2), ceil_mode=up),
        sides, sides, sides, st.booleans(),
    ),
    st.builds(
        lambda k, s, p, d: nn.ConvTranspose2d(2, 3, k, s, p, output_padding=s - 1, dilation=d),
        sides, sides, sides, sides,
    ),
    st.builds(nn.ZeroPad2d, st.tuples(*[st.integers(-2, 4)] * 4)),
    st.builds(lambda k, d: nn.Conv2d(2, 3, 2 * k + 1, padding="same", dilation=d), sides, sides),
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(windows, st.integers(1, 30), st.integers(1, 30))
def test_the_size_formula_is_torch_s(layer, height, width):
    try:
        (op,) = graph.trace(nn.Sequential(layer), (2, height, width)).operations
        made = layer(torch.zeros(1, 2, height, width))
    except (graph.BadInput, RuntimeError):
        return
    told = by_quantity(op)
    both = told.get("output size")
    rows, columns = told.get("output size, height", both), told.get("output size, width", both)
    assert rows is not None
    assert columns is not None
    assert (worked_out(rows.numbers), worked_out(columns.numbers)) == tuple(made.shape[2:])
    assert_every_letter_is_explained(op)
    if both is None:
        assert "W_in" in columns.rule
        assert "H_in" not in columns.rule


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv1d(4, 6, 3, groups=2),
        nn.BatchNorm1d(4),
        nn.PReLU(4),
        nn.MaxPool1d(3),
        nn.AdaptiveMaxPool1d(1),
        nn.Linear(12, 5),
    ],
)
def test_other_layers(layer):
    for op in graph.trace(nn.Sequential(layer), (4, 12)).operations:
        assert_true_of(op)
        assert_every_letter_is_explained(op)


@pytest.mark.parametrize(
    ("key", "kind", "channels"),
    [("resnet50", "batch norm", 64), ("convnext_tiny", "layer norm", 96)],
)
def test_a_norm_has_a_scale_and_a_shift_for_each_channel(key, kind, channels, traced):
    first = next(op for op in traced(key).operations if op.kind == kind)
    formula = by_quantity(first)["parameters"]
    assert formula.rule == "one γ a channel + one β a channel"
    assert (formula.numbers, formula.value) == (f"{channels} + {channels}", 2 * channels)
