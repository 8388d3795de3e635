"""Stacks by arithmetic: against the lectures, against torch, and against measured gradients."""

import pytest
import torch
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.structure.cone import cone, notice
from analysis.structure.stack import (
    AVERAGE_POOLING,
    CONVOLUTION,
    KINDS,
    MAX_POOLING,
    Impossible,
    Layer,
    Repeated,
    as_far_as_possible,
    equal_kernel,
    recurrence,
)

QUICK = tuple(phase for phase in Phase if phase is not Phase.explain)


def test_three_3x3_see_as_much_as_one_7x7_for_27_against_49():
    """Simonyan and Zisserman (2015), section 2.3: 27C² against 49C², 81% more."""
    three = Repeated(3, 3)
    one = equal_kernel(three)
    assert (one.count, one.kernel) == (1, 7)
    assert (three.coefficient, one.coefficient) == (27, 49)
    assert (three.non_linearities, one.non_linearities) == (3, 1)
    assert round(100 * (one.coefficient / three.coefficient - 1)) == 81
    assert three.params(256) == 1_769_472  # 27 × 65,536
    assert three.macs(256, 56, 28) == 1_769_472 * 1_568


@given(st.integers(1, 6), st.integers(1, 8), st.integers(1, 3), st.integers(1, 9))
def test_repeated_layers_are_those_of_the_recurrence(count, kernel, channels, side):
    stack = Repeated(count, kernel)
    rows = recurrence(stack.layers, side, channels)
    assert {row.output_size for row in rows} == {side}
    assert rows[-1].receptive_field == stack.receptive_field
    assert sum(row.params for row in rows) == stack.params(channels)
    assert sum(row.macs for row in rows) == stack.macs(channels, side, side)


def test_the_first_rows_of_alexnet_by_hand():
    # 11 × 11 by 4 with padding 2, pooling 3 by 2, 5 × 5 with padding 2
    layers = [
        Layer(CONVOLUTION, 11, 4, 2, channels=64),
        Layer(MAX_POOLING, 3, 2),
        Layer(CONVOLUTION, 5, 1, 2, channels=192),
    ]
    rows = recurrence(layers, 224, 3)
    assert [row.output_size for row in rows] == [55, 27, 27]
    assert [row.jump for row in rows] == [4, 8, 8]
    assert [row.receptive_field for row in rows] == [11, 19, 51]
    assert [row.start for row in rows] == [-2, -2, -18]
    assert [row.params for row in rows] == [23_232, 0, 307_200]


def sized(kind: str, kernel: int, stride: int, pads: tuple[int, int], dilation: int) -> Layer:
    """A layer as torch has it: padding of poolings at most half, no dilated average pooling."""
    dilation = 1 if kind == AVERAGE_POOLING else dilation
    before, after = pads
    if kind != CONVOLUTION:
        most = (dilation * (kernel - 1) + 1) // 2
        before, after = max(0, min(before, most)), max(0, min(after, most))
    return Layer(kind, kernel, stride, before, dilation, after)


layers = st.lists(
    st.builds(
        sized,
        st.sampled_from(KINDS),
        st.integers(1, 5),
        st.integers(1, 3),
        st.tuples(st.integers(-1, 4), st.integers(-1, 4)),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=5,
)


class Padded(nn.Module):
    """What a layer is in torch, with its padding in front and behind."""

    def __init__(self, layer: Layer, summing: bool = False):
        super().__init__()
        self.pads = (layer.padding, layer.after) * 2
        if layer.kind == CONVOLUTION or summing:  # every pooling as a sum, so no gradient vanishes
            self.slide = nn.Conv2d(
                1, 1, layer.kernel, layer.stride, dilation=layer.dilation, bias=False
            )
            nn.init.ones_(self.slide.weight)
        elif layer.kind == MAX_POOLING:
            self.slide = nn.MaxPool2d(layer.kernel, layer.stride, dilation=layer.dilation)
        else:
            self.slide = nn.AvgPool2d(layer.kernel, layer.stride)

    def forward(self, x: Tensor) -> Tensor:
        return self.slide(F.pad(x, self.pads))


@settings(deadline=None, max_examples=150, phases=QUICK)
@given(layers, st.integers(1, 40))
def test_sizes_and_refusals_are_those_of_torch(stack, side):
    x = torch.zeros(1, 1, side, side)
    rows, refused = as_far_as_possible(stack, side)
    for row in rows:
        x = Padded(row.layer)(x)
        assert x.shape[2:] == (row.output_size,) * 2
    if refused:
        layer = stack[len(rows)]
        assert refused[0].position == len(rows) + 1
        with pytest.raises(RuntimeError):
            Padded(layer)(x)


@settings(deadline=None, max_examples=100, phases=QUICK)
@given(layers, st.floats(0, 1))
def test_cones_are_the_support_of_measured_gradients_with_every_gap(stack, share):
    side = 40
    rows, refused = as_far_as_possible(stack, side)
    assume(not refused)
    network = nn.Sequential(*(Padded(layer, summing=True) for layer in stack)).double()
    x = torch.ones(1, 1, side, side, dtype=torch.double, requires_grad=True)
    place = int(share * (rows[-1].output_size - 1))
    (grad,) = torch.autograd.grad(network(x)[0, 0, place].sum(), x)
    touched = grad[0, 0].sum(1).nonzero()[:, 0].tolist()
    levels = cone(rows, side, place)
    assert len(levels) == len(stack) + 1
    assert list(levels[-1].seen) == touched


@settings(deadline=None, max_examples=150, phases=QUICK)
@given(layers, st.floats(0.3, 0.7))
def test_windows_are_the_support_of_measured_gradients(stack, share):
    side = 64
    rows, refused = as_far_as_possible(stack, side)
    assume(not refused)
    network = nn.Sequential(*(Padded(layer, summing=True) for layer in stack)).double()
    x = torch.ones(1, 1, side, side, dtype=torch.double, requires_grad=True)
    out = network(x)
    last, place = rows[-1], int(share * (rows[-1].output_size - 1))
    gain = 1
    for layer in stack:
        gain *= layer.kernel**2
    assume(out[0, 0, place, place].item() == gain)  # it sees no padding anywhere on its way
    (grad,) = torch.autograd.grad(out[0, 0, place, place], x)
    seen = grad[0, 0].nonzero()[:, 0]
    begin = last.start + place * last.jump
    assert (int(seen.min()), int(seen.max())) == (begin, begin + last.receptive_field - 1)


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        (Layer(CONVOLUTION, 9), "window of 9 is larger than the padded map of 8"),
        (Layer(CONVOLUTION, 5, dilation=2), r"window of 9 \(dilated\) is larger"),
        (Layer(CONVOLUTION, 1, padding=-4), "larger than the padded map of 0"),
        (Layer(CONVOLUTION, 0), "Kernel is from 1"),
        (Layer(CONVOLUTION, 3, 0), "Stride is from 1"),
        (Layer(CONVOLUTION, 3, -1), "Stride is from 1"),
        (Layer(CONVOLUTION, 3, dilation=0), "Dilation is from 1"),
        (Layer(CONVOLUTION, 3, channels=-4), "Channels are from 1"),
        (Layer(CONVOLUTION, 3, channels=10**9), "Channels are from 1 to 100,000, not 1,000,000"),
        (Layer(CONVOLUTION, 10**9, padding=10**9), "Kernel is from 1 to 10,000"),
        (Layer(CONVOLUTION, 3, padding=10**9), "Padding is from"),
        (Layer(CONVOLUTION, 3, padding_after=10**9), "Padding after is from"),
        (Layer(CONVOLUTION, 3, channels=8, groups=4), "4 groups do not divide 6 channels in"),
        (Layer(CONVOLUTION, 3, channels=8, groups=3), "3 groups do not divide 8 channels out"),
        (Layer(CONVOLUTION, 3, groups=0), "Groups are from 1"),
        (Layer(MAX_POOLING, 3, padding=2), "at most half its window of 3: 1, not 2"),
        (Layer(MAX_POOLING, 3, channels=8), "Pooling keeps its channels"),
        (Layer(AVERAGE_POOLING, 3, dilation=2), "no dilation"),
        (Layer("ReLU", 1), "A layer is one of convolution, max pooling"),
    ],
)
def test_an_impossible_row_names_its_rule_and_leaves_those_before_it(layer, rule):
    stack = [Layer(CONVOLUTION, 3, channels=6), layer, Layer(CONVOLUTION, 3, stride=-7)]
    rows, refused = as_far_as_possible(stack, 10, 3)
    assert [row.output_size for row in rows] == [8]
    assert [refusal.position for refusal in refused] == [2, 3]
    with pytest.raises(Impossible, match=f"Row 2: .*{rule}"):
        recurrence(stack, 10, 3)


def test_sums_without_end_are_refused_before_they_are_written():
    with pytest.raises(Impossible, match="end at 1,000,000,000"):
        recurrence([Layer(CONVOLUTION, 1, 10_000)] * 3, 10)


def test_cells_lie_over_the_middle_of_what_they_see():
    rows = recurrence([Layer(CONVOLUTION, 4, 2, 1, padding_after=1)], 8)
    top, base = cone(rows, 8)
    assert [top.over(i) for i in range(top.size)] == [0.5, 2.5, 4.5, 6.5]
    assert base.seen == (3, 4, 5, 6)  # of position 2 of 4: 2 × 2 − 1 and three more


def test_what_the_edge_of_the_image_takes_from_a_cone_is_said():
    rows = recurrence([Layer(CONVOLUTION, 3, padding=1)] * 2, 4)
    # the window of value 2 begins at pixel 0 and ends at 4, one behind the last
    assert notice(cone(rows, 4)) == (
        "Drawn for value 3 of the 4 in a line. Of its window's 5 pixels 4 lie on the image, "
        "the rest outside."
    )
    wide = recurrence([Layer(CONVOLUTION, 3, padding=1)] * 2, 9)
    assert notice(cone(wide, 9)) == "Drawn for value 5 of the 9 in a line."
