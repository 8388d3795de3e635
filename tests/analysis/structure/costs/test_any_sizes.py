"""Sums of blocks with any sizes, against the traced graphs of the families' own blocks."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from analysis.structure import graph
from analysis.structure.costs import (
    Bottleneck,
    Cardinality,
    DenseBlock,
    Fire,
    Inception,
    Separable,
    Shuffle,
    Side,
    SqueezeExcite,
)
from cnn_models.families import (
    densenet,
    googlenet,
    mobilenet_v1,
    resnet,
    senet,
    shufflenet_v1,
    squeezenet,
)

FEW, MORE = st.integers(1, 12), st.integers(8, 24)  # many sizes begin at 8
Block = tuple[Side, nn.Module, int]  # the sum, the block, and how many channels it reads


def inception(draw: Callable[..., int]) -> Block:
    inputs, one, three, five, three_reduce, five_reduce, pool = (draw(MORE) for _ in range(7))
    widths = googlenet.Widths(one, three_reduce, three, five_reduce, five, pool)
    case = Inception(6, inputs, one, three, five, three_reduce, five_reduce, pool)
    return case.after(), googlenet.Inception(inputs, widths, batch_norm=False), inputs


def bottleneck(draw: Callable[..., int]) -> Block:
    width, neck = 4 * draw(MORE), draw(MORE)
    block = resnet.Bottleneck(width, width // 4, 1, inner=neck)
    return Bottleneck(width, neck, 6).after(), block, width


def basic(draw: Callable[..., int]) -> Block:
    width = draw(MORE)
    return Bottleneck(width, 8, 6).before(), resnet.BasicBlock(width, width, 1), width


def cardinality(draw: Callable[..., int]) -> Block:
    width, neck, paths = 4 * draw(MORE), draw(MORE), 2 ** draw(st.integers(0, 3))
    case = Cardinality(paths, width, neck, 6)
    inner = paths * case.path
    return case.after(), resnet.Bottleneck(width, width // 4, 1, inner=inner, groups=paths), width


def separable(draw: Callable[..., int]) -> Block:
    inputs, outputs = draw(FEW), draw(FEW)
    block = mobilenet_v1.DepthwiseSeparable(inputs, outputs, 1)
    return Separable(inputs, outputs, 3, 6).after(), block, inputs


def fire(draw: Callable[..., int]) -> Block:
    inputs, expand = draw(MORE), 16 * draw(FEW)
    case = Fire(draw(st.sampled_from((0.125, 0.5, 1.0))), 0.25, inputs, expand, 6)
    wide = expand // 4
    return case.after(), squeezenet.Fire(inputs, case.squeezed, expand - wide, wide, None), inputs


def shuffle(draw: Callable[..., int]) -> Block:
    groups = draw(st.sampled_from((1, 2, 3, 4)))
    neck = groups * draw(FEW)
    unit = shufflenet_v1.ShuffleUnit(4 * neck, 4 * neck, 1, groups)
    return Shuffle(groups, 4 * neck, neck, 6).after(), unit, 4 * neck


def dense(draw: Callable[..., int]) -> Block:
    inputs, growth = draw(MORE), draw(MORE)
    layers, neck, tenths = draw(FEW), draw(st.integers(1, 4)), draw(st.integers(1, 10))
    case = DenseBlock(growth, layers, inputs, neck, tenths / 10, 6)
    made = inputs + layers * growth
    behind = densenet.Transition(made, made * tenths // 10, 0)
    return (
        case.after(),
        nn.Sequential(densenet.DenseBlock(layers, inputs, growth, neck, 0), behind),
        inputs,
    )


def gate(draw: Callable[..., int]) -> Block:
    reduction = 2 ** draw(st.integers(0, 3))
    width = draw(MORE)
    case = SqueezeExcite(reduction, width, 8, 6)
    added = case.after().terms[len(case.before().terms) :]
    shape = case.after().output_shape
    return Side("gate", added, shape), senet.SqueezeExcite(width, reduction), width


@pytest.mark.parametrize(
    "block",
    [inception, bottleneck, basic, cardinality, separable, fire, shuffle, dense, gate],
    ids=lambda block: block.__name__,
)
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_a_block_of_any_size_costs_what_is_counted_in_its_graph(
    block: Callable[[Callable[..., int]], Block], data: st.DataObject
) -> None:
    with torch.device("meta"):
        side, module, inputs = block(data.draw)
    operations = graph.trace(module.eval(), (inputs, 6, 6)).operations
    kernels = (shape for op in operations for shape in op.param_shapes if len(shape) > 1)
    assert side.params == sum(map(prod, kernels))
    assert side.macs == sum(op.macs for op in operations)
    assert side.output_shape[0] == operations[-1].output_shape[0]
