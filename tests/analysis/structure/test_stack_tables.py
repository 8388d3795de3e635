"""Stacks as text, as a table that is edited, and as known networks begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.structure import stack_comparison, stack_table
from analysis.structure.known_stacks import KNOWN, beginning
from analysis.structure.stack import (
    CONVOLUTION,
    KINDS,
    MAX_POOLING,
    Layer,
    Repeated,
    as_far_as_possible,
    recurrence,
)
from analysis.structure.stack_rules import MOST_LAYERS
from analysis.structure.stack_text import parsed, spelled

number = st.integers(-(10**12), 10**12)
anything = st.builds(
    Layer,
    st.sampled_from(KINDS),
    number,
    number,
    number,
    number,
    st.none() | number,
    st.none() | number,
    number,
)


@given(st.lists(anything, max_size=6))
def test_every_stack_possible_or_not_has_one_text(layers):
    assert parsed(spelled(layers)) == tuple(layers)


def test_defaults_are_those_of_torch_and_left_out():
    assert parsed("c3-m2-m3s2p1-a7") == (
        Layer(CONVOLUTION, 3),
        Layer(MAX_POOLING, 2, 2),
        Layer(MAX_POOLING, 3, 2, 1),
        Layer("average pooling", 7, 7),
    )
    assert spelled([Layer(CONVOLUTION, 3, 1, -1, 2, 0, 64, 8)]) == "c3p-1e0d2f64g8"


@pytest.mark.parametrize(
    "text", ["x3", "c", "c3 ", "c3-", "c3s", "c3p1s1", "c1.5", "c3--m2", "<b>", "c" + "9" * 14]
)
def test_what_is_no_stack_is_refused(text):
    with pytest.raises(ValueError, match="is no layer"):
        parsed(text)


def test_a_text_without_end_is_refused():
    with pytest.raises(ValueError, match=f"at most {MOST_LAYERS} layers"):
        parsed("-".join(["c1"] * (MOST_LAYERS + 1)))


def test_edits_change_cells_and_take_rows_away():
    changed = {0: {"kernel": 7, "padding after": 3}, 1: {"layer": stack_table.REMOVED}}
    changed[2] = {"stride": None, "layer": "max pooling"}
    assert stack_table.edited(parsed("c3p1-m2-c5s2"), changed) == (
        Layer(CONVOLUTION, 7, 1, 1, padding_after=3),
        Layer(MAX_POOLING, 5, 5),  # an empty stride is the pooling's side
    )


@pytest.mark.parametrize("cell", [None, float("nan"), float("inf"), "three", [3]])
def test_a_cell_that_holds_no_number_is_an_empty_one(cell):
    changed = {0: {"kernel": cell, "dilation": cell, "channels": cell}}
    assert stack_table.edited(parsed("c3d2f8"), changed) == (Layer(CONVOLUTION, 0),)


def test_the_table_has_numbers_up_to_the_first_refusal():
    layers = parsed("c3-m2-c3s0-c3")
    shown = stack_table.table(layers, *as_far_as_possible(layers, 9))
    assert shown["output"].tolist()[:2] == [7, 3]
    assert shown["output"].isna().tolist() == [False, False, True, True]
    assert shown[stack_table.RULE].tolist() == [
        "",
        "",
        "Stride is from 1 to 10,000, not 0.",
        "waits for row 3",
    ]
    fine = stack_table.table(layers[:2], *as_far_as_possible(layers[:2], 9))
    assert stack_table.RULE not in fine


def test_the_numbers_of_the_recurrence_come_to_what_they_say():
    rows = recurrence(parsed("c5s2p2e1d2-m3s2p1-c3p-1"), 40)
    lines = stack_table.recurrence_with_numbers(rows)
    assert lines["output size"].iloc[0] == "⌊(40 + 2 + 1 − 2 × (5 − 1) − 1) / 2⌋ + 1 = 18"
    for column in ("output size", "jump", "receptive field", "start"):
        for text in lines[column]:
            numbers, result = text.replace("−", "-").replace("×", "*").rsplit(" = ", 1)
            plain = numbers.replace("⌊", "(").replace("⌋", ")").replace("/", "//")
            assert eval(plain) == int(result)  # noqa: S307 (sums that the line above holds)


@pytest.mark.parametrize(
    ("name", "seen"), [("alexnet", [11, 19, 51, 67, 99, 131, 163, 195]), ("resnet50", [7, 11])]
)
def test_known_networks_begin_as_their_graphs_do(name, seen, traced):
    graph = traced(KNOWN[name].key)
    rows = recurrence(beginning(graph), graph.input_shape[-1], graph.input_shape[0])
    assert [row.receptive_field for row in rows] == seen
    windowed = [op for op in graph.operations if op.kernel is not None][: len(rows)]
    assert [row.macs for row in rows] == [op.macs for op in windowed]


def test_poolings_of_vgg16_in_the_table(traced):
    rows = recurrence(beginning(traced("vgg16")), 224, 3)
    pools = [row.receptive_field for row in rows if row.layer.kind == MAX_POOLING]
    assert pools == [6, 16, 44, 100, 212]


def test_a_pooling_that_rounds_up_has_the_padding_it_needs(traced):
    graph = traced("googlenet")
    rows = recurrence(beginning(graph), 224, 3)
    assert [row.output_size for row in rows] == [112, 56, 56, 56, 28]
    assert [row.receptive_field for row in rows] == [7, 11, 11, 19, 27]


def test_the_dilated_context_module_sees_67_pixels():
    """Yu and Koltun (2016), Table 1."""
    rows = recurrence(parsed(KNOWN["dilated"].text), 100)
    assert [row.receptive_field for row in rows] == [3, 5, 9, 17, 33, 65, 67]


def test_sides_are_compared_in_words():
    text = stack_comparison.notice(Repeated(3, 3), Repeated(1, 7))
    assert "Three layers of 3×3 see as much as one layer of 7×7: 7 × 7 px" in text
    assert "one layer of 7×7 costs 1.81 times as much, 81% more" in text
    assert "3 against 1" in text
    text = stack_comparison.notice(Repeated(1, 5), Repeated(1, 3))
    assert text.startswith("One layer of 5×5 sees 5 × 5 px, one layer of 3×3 sees 3 × 3.")
    assert "Both cost the same" in stack_comparison.notice(Repeated(1, 5), Repeated(1, 5))
