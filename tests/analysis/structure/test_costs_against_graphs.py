"""The sums of design decisions against the blocks of the registry, built and traced."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from analysis.structure.costs import (
    Bottleneck,
    Cardinality,
    Decision,
    DenseBlock,
    Fire,
    Head,
    Inception,
    Separable,
    Shuffle,
    Side,
    SqueezeExcite,
)
from analysis.structure.graph import Graph, trace
from cnn_models.families import (
    densenet,
    googlenet,
    mobilenet_v1,
    resnet,
    senet,
    shufflenet_v1,
    squeezenet,
)

SIZES = st.integers(2, 12)
WIDTHS = st.integers(1, 24)


def weights(graph: Graph) -> int:
    """Of convolutions and linear layers, without biases and batch normalisation."""
    return sum(prod(shape) for op in graph.operations for shape in op.param_shapes if shape[1:])


def assert_is_built(side: Side, block: nn.Module, inputs: tuple[int, ...]) -> None:
    graph = trace(block, inputs)
    assert (side.params, side.macs) == (weights(graph), graph.totals().macs), side.name
    assert side.output_shape == graph.operations[-1].output_shape


class NaiveInception(nn.Module):
    """Figure 2(a) of the GoogLeNet paper, of which no network is built."""

    def __init__(self, case: Inception) -> None:
        super().__init__()
        widths = ((case.one, 1), (case.three, 3), (case.five, 5))
        self.windows = nn.ModuleList(
            nn.Conv2d(case.inputs, width, kernel, padding=kernel // 2) for width, kernel in widths
        )
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([*(window(x) for window in self.windows), self.pool(x)], 1)


def inception(case: Inception) -> tuple[nn.Module, ...]:
    widths = googlenet.Widths(
        case.one, case.three_reduce, case.three, case.five_reduce, case.five, case.pool_proj
    )
    return NaiveInception(case), googlenet.Inception(case.inputs, widths, batch_norm=False)


def bottleneck(case: Bottleneck) -> tuple[nn.Module, ...]:
    return (
        resnet.BasicBlock(case.width, case.width, 1),
        resnet.Bottleneck(case.width, case.width // 4, 1, inner=case.neck),
        resnet.BasicBlock(case.equal, case.equal, 1),
    )


def cardinality(case: Cardinality) -> tuple[nn.Module, ...]:
    def block(inner: int, groups: int) -> nn.Module:
        return resnet.Bottleneck(case.width, case.width // 4, 1, inner=inner, groups=groups)

    inner = case.paths * case.path
    return block(inner, 1), block(inner, case.paths), block(case.neck, 1)


def separable(case: Separable) -> tuple[nn.Module, ...]:
    ordinary = nn.Conv2d(case.inputs, case.outputs, 3, padding=1)
    return ordinary, mobilenet_v1.DepthwiseSeparable(case.inputs, case.outputs, 1)


def fire(case: Fire) -> tuple[nn.Module, ...]:
    few = case.expand - case.wide
    return (
        nn.Conv2d(case.inputs, case.expand, 3, padding=1),
        squeezenet.Fire(case.inputs, case.squeezed, few, case.wide, None),
    )


def shuffle(case: Shuffle) -> tuple[nn.Module, ...]:
    def block(groups: int) -> nn.Module:
        c = case.channels
        return resnet.Bottleneck(c, c // 4, 1, inner=case.neck, groups=groups)

    unit = shufflenet_v1.ShuffleUnit(case.channels, case.channels, 1, case.groups)
    return block(1), unit, block(case.groups)


def squeeze_excite(case: SqueezeExcite) -> tuple[nn.Module, ...]:
    return (
        resnet.Bottleneck(case.width, case.neck, 1),
        senet.SEBottleneck(case.width, case.neck, 1, case.reduction),
    )


def dense(case: DenseBlock) -> tuple[nn.Module, ...]:
    def block(neck: int | None, theta: float) -> nn.Module:
        return nn.Sequential(
            densenet.DenseBlock(case.layers, case.inputs, case.growth, neck, 0.0),
            *list(densenet.Transition(case.made, int(case.made * theta), 0.0).children())[:-1],
        )

    return block(None, 1.0), block(int(case.neck), case.theta), block(int(case.neck), 1.0)


def head(case: Head) -> tuple[nn.Module, ...]:
    values = case.channels * case.size**2
    return (
        nn.Sequential(
            nn.Flatten(),
            nn.Linear(values, case.hidden),
            nn.Linear(case.hidden, case.hidden),
            nn.Linear(case.hidden, case.classes),
        ),
        nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(case.channels, case.classes)
        ),
    )


def fours(most: int) -> st.SearchStrategy[int]:
    return st.integers(1, most).map(lambda n: 4 * n)


def shuffles() -> st.SearchStrategy[Shuffle]:
    """A unit's bottleneck has a quarter of its channels."""
    return st.builds(
        lambda groups, n, size: Shuffle(groups, 4 * n * groups, n * groups, size),
        st.sampled_from((2, 3, 4, 8)),
        st.integers(1, 6),
        SIZES,
    )


def gates() -> st.SearchStrategy[SqueezeExcite]:
    return st.builds(
        lambda r, n, size: SqueezeExcite(r, 4 * n, n, size),
        st.sampled_from((1, 2, 4, 8, 16)),
        st.integers(4, 24),
        SIZES,
    )


Blocks = Callable[[Any], tuple[nn.Module, ...]]
CASES: dict[str, tuple[Blocks, st.SearchStrategy[Decision]]] = {
    "inception": (inception, st.builds(Inception, SIZES, *[WIDTHS] * 7)),
    "bottleneck": (bottleneck, st.builds(Bottleneck, fours(16), WIDTHS, SIZES)),
    "cardinality": (
        cardinality,
        st.builds(Cardinality, st.sampled_from((1, 2, 4, 8)), fours(16), WIDTHS, SIZES),
    ),
    "separable": (separable, st.builds(Separable, WIDTHS, WIDTHS, st.just(3), SIZES)),
    "fire": (
        fire,
        st.builds(
            Fire,
            st.sampled_from((0.0625, 0.125, 0.5, 1.0)),
            st.sampled_from((0.25, 0.5, 0.75)),
            WIDTHS,
            st.integers(2, 48),
            SIZES,
        ),
    ),
    "shuffle": (shuffle, shuffles()),
    "squeeze_excite": (squeeze_excite, gates()),
    "dense": (
        dense,
        st.builds(
            DenseBlock,
            WIDTHS,
            st.integers(1, 5),
            WIDTHS.map(lambda n: n + 10),
            st.sampled_from((1, 4, 8)),
            st.sampled_from((0.1, 0.5, 0.7, 1.0)),
            SIZES,
        ),
    ),
    "head": (head, st.builds(Head, WIDTHS, SIZES, WIDTHS, st.integers(1, 20))),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_sums_are_those_of_the_traced_blocks(name: str, data: st.DataObject) -> None:
    blocks, cases = CASES[name]
    case: Any = data.draw(cases)
    channels = getattr(case, "inputs", None) or getattr(case, "channels", None) or case.width
    sides = case.sides()
    with torch.device("meta"):
        built = blocks(case)
    for place, (side, block) in enumerate(zip(sides, built, strict=True)):
        reads = case.equal if isinstance(case, Bottleneck) and place == 2 else channels
        assert_is_built(side, block, (reads, case.size, case.size))


def test_defaults_are_those_of_the_networks_that_they_name(
    traced: Callable[[str], Graph],
) -> None:
    def inside(key: str, block: str) -> int:
        ops = [op for op in traced(key).operations if op.name.startswith(block)]
        return sum(prod(shape) for op in ops for shape in op.param_shapes if shape[1:])

    assert Bottleneck().after().params == inside("resnet50", "layer1.1.")
    assert Cardinality().after().params == inside("resnext50_32x4d", "layer1.1.")
    assert Fire().after().params == inside("squeezenet1_0", "fire2.")
    assert Shuffle().after().params == inside("shufflenet_v1_g3", "stage2.1.")
    assert SqueezeExcite().after().params == inside("se_resnet50", "layer1.1.")
    block_3 = inside("densenet121", "denseblock3.") + inside("densenet121", "transition3.")
    assert DenseBlock().after().params == block_3
    assert Head().before().params == inside("vgg16", "classifier")


def test_gates_in_all_of_resnet_50_are_those_of_se_resnet_50(
    traced: Callable[[str], Graph],
) -> None:
    plain, gated = traced("resnet50"), traced("se_resnet50")
    more_weights = weights(gated) - weights(plain)
    more_macs = gated.totals().macs - plain.totals().macs
    assert more_weights == more_macs == 2_514_944
    told = SqueezeExcite().in_network(plain)
    assert "in all 16 blocks, the gates add 2.515 M weights" in told
    assert "(9.8%)" in told  # the paper says approximately 10%
