"""Long diagrams made short, and what has branches left as it is."""

from collections.abc import Callable
from itertools import pairwise

import pytest

import cnn_models
from analysis.charts import diagram
from analysis.charts.folding import SHORT, folded
from analysis.structure import described, outline
from analysis.structure.outline import Edge, Outline, OutlineNode

SHAPE = (16, 32, 32)


def row(count: int, cost: Callable[[int], int]) -> Outline:
    """`count` blocks one after the other, each with its cost in parameters."""
    nodes = [
        OutlineNode(f"layer1.{i}", f"layer1.{i}", "", "2 × convolution", 2, cost(i), 0, SHAPE)
        for i in range(count)
    ]
    source = OutlineNode("from relu", "from relu", "input", "", 0, 0, 0, SHAPE)
    names = [source.name, *(node.name for node in nodes)]
    edges = [Edge(a, b, SHAPE) for a, b in pairwise(names)]
    return Outline((source, *nodes), tuple(edges))


def test_a_short_outline_stays_as_it_is() -> None:
    short = row(SHORT - 1, lambda _: 8)
    assert folded(short) is short


def test_equal_blocks_are_drawn_once() -> None:
    drawn = folded(row(200, lambda _: 8))
    assert [node.label for node in drawn.nodes] == ["from relu", "layer1.0 … 199\n200 equal blocks"]
    assert drawn.nodes[1].params == 200 * 8
    assert drawn.edges == (Edge("from relu", "layer1.0", SHAPE),)


def test_blocks_that_differ_keep_both_ends() -> None:
    drawn = folded(row(48, lambda number: number))
    middle = next(node for node in drawn.nodes if "blocks" in node.label)
    assert middle.label == "layer1.4 … 42\n39 blocks"
    assert drawn.nodes[-1].label == "layer1.47"
    assert sum(node.params for node in drawn.nodes) == sum(range(48))


def test_branches_across_many_nodes_stay() -> None:
    long = row(48, lambda number: number)
    fork = Outline(long.nodes, (*long.edges, Edge("layer1.0", "layer1.47", SHAPE)))
    assert folded(fork).nodes == fork.nodes
    assert diagram.height(fork) != "content"


@pytest.mark.parametrize(
    ("key", "stage", "nodes"),
    [
        ("cifar_resnet1202", "layer1", 2),
        ("cifar_resnet1202", "layer2", 3),
        ("resnet152", "layer3", 3),
    ],
)
def test_a_stage_of_many_blocks_is_a_small_picture(key: str, stage: str, nodes: int) -> None:
    whole = outline.inside(described.traced(key), stage)
    drawn = folded(whole)
    assert len(drawn.nodes) == nodes
    assert sum(node.macs for node in drawn.nodes) == sum(node.macs for node in whole.nodes)


def test_every_stage_of_every_densenet_is_short() -> None:
    for key in cnn_models.names("densenet"):
        graph = described.traced(key)
        for stage in outline.stage_names(graph, cnn_models.spec(key).stages):
            assert len(folded(outline.inside(graph, stage)).nodes) <= SHORT
