"""Receptive fields: against published ones, and against the support of measured gradients."""

import json
import math
from pathlib import Path

import pytest
import torch
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.structure import graph
from analysis.structure.graph import ReceptiveField

KNOWN = json.loads(
    (Path(__file__).parents[2] / "data" / "receptive_field.json").read_text(encoding="utf-8")
)
PUBLISHED = {row["network"]: row for row in KNOWN["published"]}


@pytest.mark.parametrize(
    ("key", "size"),
    [
        ("alexnet_owt", 195),
        ("vgg16", 212),
        ("resnet50", 483),
        ("resnet50_v1_5", 427),
        ("resnet101", 1027),
        ("resnet101_v1_5", 971),
        ("resnet152", 1507),
        ("resnet152_v1_5", 1451),
        ("densenet121", 2071),
        ("lenet5_modern", 32),
    ],
)
def test_sizes_that_others_measured(key, size, traced):
    field = traced(key).receptive_field()
    assert field.size == (size, size)
    assert not field.is_global


def test_the_poolings_of_vgg16(traced):
    g = traced("vgg16")
    pools = [g.receptive_field(f"stage{i}.pool").size[0] for i in range(1, 6)]
    assert pools == next(row["pools"] for row in KNOWN["own_builds"] if row["network"] == "vgg16")


# In TF-Slim the poolings of ResNet are padded behind only (SAME with an even input), ours before
# and behind as in the paper: one position of the pooling's input, whose values lie 2 pixels apart.
@pytest.mark.parametrize(
    ("key", "theirs", "more_padding"),
    [
        ("alexnet", "alexnet_v2", 0),
        ("alexnet_owt", "alexnet_v2", 2),  # its first convolution is padded by 2
        ("vgg16", "vgg_16", 0),
        ("resnet50", "resnet_v1_50", 2),
        ("resnet101", "resnet_v1_101", 2),
        ("resnet152", "resnet_v1_152", 2),
        ("se_resnet50", "resnet_v1_50", 0),  # its pooling rounds up instead of padding
    ],
)
def test_size_stride_and_padding_as_google_published_them(key, theirs, more_padding, traced):
    field, known = traced(key).receptive_field(), PUBLISHED[theirs]
    assert field.size == (known["rf"],) * 2
    assert field.stride == (known["effective_stride"],) * 2
    assert field.padding == (known["effective_padding"] + more_padding,) * 2


def test_after_global_pooling_everything_is_seen(traced):
    g = traced("resnet50")
    for name in ("avgpool", "flatten", "fc"):
        assert g.receptive_field(name).is_global
        assert not g.receptive_field(name).is_local
    assert g.receptive_field("avgpool").size == (483 + 6 * 32,) * 2


def test_a_gate_keeps_the_window_and_knows_everything(traced):
    g = traced("se_resnet50")
    first = next(op for op in g.operations if op.kind == "multiplication")
    gated, plain = g.receptive_field(first.name), g.receptive_field("layer1.0.bn3")
    assert (gated.size, gated.stride, gated.padding) == (plain.size, plain.stride, plain.padding)
    assert gated.is_global
    assert gated.is_local
    assert not plain.is_global


@pytest.mark.parametrize(
    "last",
    [
        nn.AvgPool2d(13),
        nn.MaxPool2d(13),
        nn.AdaptiveMaxPool2d(1),
        nn.Sequential(nn.Flatten(), nn.Linear(676, 2)),
    ],
)
def test_what_takes_in_the_whole_map_is_global(last):
    g = graph.trace(nn.Sequential(nn.Conv2d(3, 4, 3), last), (3, 15, 15))
    field = g.receptive_field(g.operations[-1].name)
    assert field.is_global
    assert field.size == (15, 15)
    assert g.receptive_field().size == (3, 3)


def test_adaptive_pooling_into_equal_bins_is_a_pooling_with_their_size():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.AdaptiveAvgPool2d((4, 6)))
    field = graph.trace(model, (1, 24, 24)).receptive_field()
    assert field == ReceptiveField((8, 6), (6, 4), (1, 1), is_global=False)


def test_adaptive_pooling_into_unequal_bins_takes_the_widest():
    field = graph.trace(nn.Sequential(nn.AdaptiveAvgPool2d(6)), (1, 13, 13)).receptive_field()
    # The bins are 0–2, 2–4, 4–6, 6–8, 8–10 and 10–12.
    assert field == ReceptiveField((3, 3), (2, 2), (0, 0), is_global=False)


def test_a_linear_layer_over_channels_keeps_the_map():
    class Pointwise(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.linear = nn.Conv2d(3, 4, 3, 2), nn.Linear(4, 8)

        def forward(self, x):
            return self.linear(self.conv(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    field = graph.trace(Pointwise(), (3, 15, 15)).receptive_field()
    assert field == ReceptiveField((3, 3), (2, 2), (0, 0), is_global=False)


@pytest.mark.parametrize("last", [nn.ConvTranspose2d(3, 3, 2, 2), nn.Upsample(scale_factor=2)])
def test_what_no_rule_covers_is_said_to_be_unknown(last):
    g = graph.trace(nn.Sequential(nn.Conv2d(3, 3, 3), last), (3, 15, 15))
    assert g.operations[-1].receptive_field is None
    with pytest.raises(graph.NoReceptiveField, match="What 1 sees of the input is not known"):
        g.receptive_field("1")
    assert g.table()["sees"].iloc[-1] == ""


# Random networks. All weights are 1 and pooling adds up, so no gradient can cancel or vanish: its
# support is what a value sees. Of an image of ones, a value that sees no padding anywhere on its
# way is the product of all window areas (`gain`), and only such values are looked at.

SIDE = 48
QUICK = tuple(phase for phase in Phase if phase is not Phase.explain)


class Windowed(nn.Module):
    def __init__(self, kernel: tuple, stride: tuple, dilation: tuple, pads: tuple):
        super().__init__()
        self.pads = pads
        self.conv = nn.Conv2d(1, 1, kernel, stride, dilation=dilation, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, self.pads))


class Sliced(nn.Module):
    def __init__(self, first: int, step: int):
        super().__init__()
        self.first, self.step = first, step

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, self.first :: self.step, :: self.step]


class Forked(nn.Module):
    """Two branches, cut to the shorter, added or joined."""

    def __init__(self, left: nn.Module, right: nn.Module, joined: bool):
        super().__init__()
        self.left, self.right, self.joined = left, right, joined

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.left(x)[:, :, :8, :8], self.right(x)[:, :, :8, :8]
        return torch.cat([a, b], 1).mean(1, keepdim=True) if self.joined else a + b


pair = st.tuples(st.integers(1, 4), st.integers(1, 4))
windows = st.builds(
    Windowed,
    pair,
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(*[st.integers(-1, 3)] * 4),
)
strided_alike = st.builds(
    Windowed, pair, st.just((2, 2)), pair, st.tuples(*[st.integers(0, 3)] * 4)
)
pools = st.builds(
    lambda k, s, half, up: nn.AvgPool2d(k, s, min(half, k // 2), up, divisor_override=1),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    st.booleans(),
)
slices = st.builds(Sliced, st.integers(0, 3), st.integers(1, 3))
forks = st.builds(Forked, strided_alike, strided_alike, st.booleans())
zero_pads = st.builds(nn.ZeroPad2d, st.tuples(*[st.integers(0, 3)] * 4))
networks = st.builds(
    lambda layers: nn.Sequential(*layers).double(),
    st.lists(st.one_of(windows, pools, slices, forks, zero_pads), min_size=1, max_size=4),
)


middle = st.floats(0.25, 0.75)


def gain(layer: nn.Module) -> float:
    if isinstance(layer, nn.Sequential):
        return math.prod(gain(part) for part in layer)
    if isinstance(layer, Windowed):
        return math.prod(layer.conv.kernel_size)
    if isinstance(layer, nn.AvgPool2d):
        return float(layer.kernel_size) ** 2  # pyright: ignore[reportArgumentType] (one number here)
    if isinstance(layer, Forked):
        return (gain(layer.left) + gain(layer.right)) / (2 if layer.joined else 1)
    return 1


def support(model: nn.Module, place: tuple[int, int]) -> list[tuple[int, int]]:
    """First and last input position, per axis, that the output at `place` depends on."""
    x = torch.ones(1, 1, SIDE, SIDE, dtype=torch.double, requires_grad=True)
    (grad,) = torch.autograd.grad(model(x)[0, :, place[0], place[1]].sum(), x)
    touched = grad[0, 0].nonzero()
    return [(int(axis.min()), int(axis.max())) for axis in touched.T]


@settings(deadline=None, max_examples=150, phases=QUICK)
@given(networks, middle, middle)
def test_the_window_is_the_support_of_the_gradient(model, down, across):
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.ones_(layer.weight)
    try:
        g = graph.trace(model, (1, SIDE, SIDE))
    except graph.BadInput:
        assume(False)
    field = g.receptive_field(g.operations[-1].name)
    _, rows, columns = g.operations[-1].output_shape
    place = (int(down * (rows - 1)), int(across * (columns - 1)))
    value = model(torch.ones(1, 1, SIDE, SIDE, dtype=torch.double))[0, 0, place[0], place[1]]
    assume(value.item() == pytest.approx(gain(model)))
    begins = [p * s - pad for p, s, pad in zip(place, field.stride, field.padding, strict=True)]
    windows = [(b, b + size - 1) for b, size in zip(begins, field.size, strict=True)]
    assert support(model, place) == windows


@settings(deadline=None, max_examples=100, phases=QUICK)
@given(networks)
def test_shapes_are_those_that_torch_computes(model):
    shape = shape_by_torch(model)
    if shape is None:
        with pytest.raises(graph.BadInput):
            graph.trace(model, (1, SIDE, SIDE))
    else:
        assert graph.trace(model, (1, SIDE, SIDE)).operations[-1].output_shape == shape


def shape_by_torch(model: nn.Module) -> tuple[int, ...] | None:
    """None if torch refuses, or if nothing is left of the map."""
    try:
        out = model(torch.zeros(1, 1, SIDE, SIDE, dtype=torch.double))
    except RuntimeError:
        return None
    return tuple(out.shape[1:]) if out.numel() else None
