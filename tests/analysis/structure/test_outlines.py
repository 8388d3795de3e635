"""Outlines: acyclic, complete, with branches and shortcuts left visible."""

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import graph, outline
from analysis.structure.outline import Edge, Outline
from tests.networks import every_network, one_of_each_paper


def assert_acyclic(drawn: Outline) -> None:
    place = {node.name: i for i, node in enumerate(drawn.nodes)}
    assert len(place) == len(drawn.nodes)
    assert all(place[edge.source] < place[edge.target] for edge in drawn.edges)
    assert len(set(drawn.edges)) == len(drawn.edges)


def assert_holds_everything(drawn: Outline, operations: tuple[graph.Operation, ...]) -> None:
    assert sum(node.operations for node in drawn.nodes) == len(operations)
    assert sum(node.params for node in drawn.nodes) == sum(op.params for op in operations)
    assert sum(node.macs for node in drawn.nodes) == sum(op.macs for op in operations)
    fed = {edge.target for edge in drawn.edges}
    assert all(node.name in fed for node in drawn.nodes if node.operations)


@every_network
def test_by_stage_is_acyclic_and_complete(key, traced):
    g = traced(key)
    drawn = outline.by_stage(g, cnn_models.spec(key).stages)
    assert_acyclic(drawn)
    assert_holds_everything(drawn, g.operations)
    assert len(drawn.nodes) <= 24


@every_network
@pytest.mark.parametrize(
    "group_of",
    [
        lambda name: name.split(".")[0],
        lambda name: name.rsplit(".", 1)[0],
        lambda name: name[-1],  # senseless on purpose
        lambda name: str(len(name) % 3),
    ],
)
def test_any_grouping_is_acyclic_and_complete(key, group_of, traced):
    g = traced(key)
    drawn = outline.collapse(g, group_of)
    assert_acyclic(drawn)
    assert_holds_everything(drawn, g.operations)


@one_of_each_paper
def test_everything_that_opens_can_be_opened(key, traced):
    g = traced(key)
    waiting = list(outline.stage_names(g, cnn_models.spec(key).stages))
    while waiting:
        name = waiting.pop()
        drawn = outline.inside(g, name)
        held = tuple(op for op in g.operations if op.name.startswith(f"{name}."))
        assert_acyclic(drawn)
        assert_holds_everything(drawn, held)
        assert len(drawn.nodes) > 1
        waiting += [node.name for node in drawn.nodes if node.opens]


def test_the_stages_of_resnet50_follow_each_other(traced):
    drawn = outline.by_stage(traced("resnet50"), cnn_models.spec("resnet50").stages)
    assert [node.label for node in drawn.nodes] == [
        "input",
        "conv1 … relu",
        "3×3 max pooling, stride 2",
        "layer1",
        "layer2",
        "layer3",
        "layer4",
        "avgpool, flatten",
        "fc: linear",
    ]
    assert drawn.edges[0] == Edge("from input", "conv1 … relu", (3, 224, 224))
    assert drawn.edges[3] == Edge("layer1", "layer2", (256, 56, 56))
    assert len(drawn.edges) == len(drawn.nodes) - 1


def test_a_stage_shows_blocks_and_a_block_shows_operations(traced):
    g = traced("resnet50")
    stage = outline.inside(g, "layer2")
    assert [node.name for node in stage.nodes][1:] == [f"layer2.{i}" for i in range(4)]
    assert all(node.opens for node in stage.nodes[1:])
    assert "convolution" in stage.nodes[1].kinds
    block = outline.inside(g, "layer2.1")
    assert [node.kind for node in block.nodes] == [
        "input", "convolution", "batch norm", "ReLU", "convolution", "batch norm", "ReLU",
        "convolution", "batch norm", "addition", "ReLU",
    ]  # fmt: skip
    (shortcut,) = (e for e in block.edges if e.target == "layer2.1.add" and "from" in e.source)
    assert shortcut.shape == (512, 28, 28)


def test_a_projection_is_a_branch_of_its_own(traced):
    block = outline.inside(traced("resnet50"), "layer2.0")
    fed = sorted(edge.target for edge in block.edges if edge.source.startswith("from "))
    assert fed == ["layer2.0.conv1", "layer2.0.downsample.0"]


def test_an_inception_block_shows_four_branches(traced):
    block = outline.inside(traced("googlenet"), "inception3a")
    (source,) = (node.name for node in block.nodes if node.operations == 0)
    assert sum(edge.source == source for edge in block.edges) == 4
    assert sum(edge.target == "inception3a.cat" for edge in block.edges) == 4


def test_a_dense_block_shows_every_layer_feeding_the_joins(traced):
    block = outline.inside(traced("densenet121"), "denseblock1")
    layers = [node for node in block.nodes if node.opens]
    joins = [node for node in block.nodes if node.kind == "concatenation"]
    assert (len(layers), len(joins)) == (6, 6)
    for join in joins:
        assert sum(edge.target == join.name for edge in block.edges) == 2


def test_a_gate_is_one_box_that_opens(traced):
    block = outline.inside(traced("se_resnet50"), "layer1.1")
    (gate,) = (node for node in block.nodes if node.name == "layer1.1.se")
    assert gate.opens
    opened = outline.inside(traced("se_resnet50"), "layer1.1.se")
    assert opened.nodes[-1].kind == "multiplication"
    assert sum(edge.target == opened.nodes[-1].name for edge in opened.edges) == 2


def test_a_group_that_would_close_a_cycle_goes_on_in_a_second_node():
    class Detour(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.c = nn.ReLU(), nn.Sigmoid(), nn.Tanh()

        def forward(self, x):
            return self.c(self.b(self.a(x)))

    g = graph.trace(Detour(), (3, 8, 8))
    drawn = outline.collapse(g, {"a": "outer", "b": "inner", "c": "outer"}.__getitem__)
    assert [node.name for node in drawn.nodes] == ["from input", "outer", "inner", "outer (2)"]
    assert_acyclic(drawn)


def test_functional_operations_go_with_the_module_that_calls_them(traced):
    drawn = outline.by_stage(traced("vgg16"), ())
    assert drawn.nodes[-2].name == "flatten"
    joined = outline.collapse(traced("googlenet"), lambda name: name.split(".")[0])
    (block,) = (node for node in joined.nodes if node.name == "inception3a")
    assert "1 × concatenation" in block.kinds


def test_what_is_not_there_cannot_be_opened(traced):
    with pytest.raises(graph.UnknownOperation, match="no operation called 'layer9'"):
        outline.inside(traced("resnet18"), "layer9")


def test_stages_that_are_not_there_are_ignored():
    with torch.device("meta"):
        model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    drawn = outline.by_stage(graph.trace(model, (3, 8, 8)), ("features",))
    assert sum(node.operations for node in drawn.nodes) == 2
