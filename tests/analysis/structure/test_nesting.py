"""Graphs as forks within forks."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import cnn_models
from analysis.structure.graph import Graph, trace
from analysis.structure.nesting import Fork, Part, nested, operations

Traced = Callable[[str], Graph]
CROSSED = {"nasnet_a_large", "nasnet_a_mobile", "cifar_nasnet_a_6_768", "cifar_enas_micro"}


class Two(nn.Module):
    """Two layers that every other one reads: branches that cross."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c, self.d = (nn.Conv2d(3, 3, 1) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.a(x), self.b(x)
        return torch.cat([self.c(a + b), self.d(a * b)], 1)


class InThree(nn.Module):
    """FractalNet's join: three columns, two of which have joined before."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c, self.d, self.e = (nn.Conv2d(3, 3, 1) for _ in range(5))

    def forward(self, x: Tensor) -> Tensor:
        half = self.b(x) + self.c(x)
        return self.a(x) + self.d(half) + self.e(half)


def shape_of(parts: tuple[Part, ...]) -> list:
    """Names of steps, and lists of branches."""
    return [
        [shape_of(branch) for branch in part.branches] if isinstance(part, Fork) else part.op.name
        for part in parts
    ]


def test_a_chain_is_its_steps(traced: Traced) -> None:
    graph = traced("lenet5_modern")
    assert shape_of(nested(graph) or ()) == [op.name for op in graph.operations]


def test_a_residual_block_is_a_fork_with_an_empty_branch(traced: Traced) -> None:
    parts = nested(traced("resnet18")) or ()
    forks = [part for part in parts if isinstance(part, Fork)]
    assert len(forks) == 8
    layers = ["conv1", "bn1", "relu1", "conv2", "bn2"]
    assert shape_of((forks[0],)) == [[[f"layer1.0.{name}" for name in layers], []]]


def test_columns_that_joined_before_are_one_branch() -> None:
    parts = nested(trace(InThree(), (3, 8, 8))) or ()
    assert shape_of(parts) == [[["a"], [[["b"], ["c"]], [["d"], ["e"]]]]]


def test_branches_that_cross_are_not_nested() -> None:
    assert nested(trace(Two(), (3, 8, 8))) is None


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_network_comes_apart_without_remainder(traced: Traced, key: str) -> None:
    graph, parts = traced(key), nested(traced(key))
    assert (parts is None) == (key in CROSSED)
    if parts is None:
        return
    found = {op.name for op in operations(parts)}
    missing = [op for op in graph.operations if op.name not in found]
    assert all(op.kind == "addition" for op in missing)  # those that are one join with another
    assert sum(op.params for op in operations(parts)) == graph.totals().params
