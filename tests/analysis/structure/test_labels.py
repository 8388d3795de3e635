"""Names in the boxes of diagrams."""

from collections.abc import Callable

import pytest

from analysis.structure.graph import Graph
from analysis.structure.labels import label_of_group, label_of_operation


@pytest.mark.parametrize(
    ("key", "operation", "label"),
    [
        ("alexnet", "stage1.conv1", "11×11 convolution, stride 4"),
        ("cifar_wrn_28_10", "layer1.0.projection", "projection: 1×1 convolution"),
        ("fractalnet34", "blocks.block4.truediv#4", "division"),
        ("convnext_tiny", "stage4.2.permute#2", "transpose"),
        ("shufflenet_v2_x1_0", "stage4.3.chunk", "split"),
    ],
)
def test_a_name_stands_where_it_adds_something(
    traced: Callable[[str], Graph], key: str, operation: str, label: str
) -> None:
    assert label_of_operation(traced(key).operation(operation)) == label


def test_a_group_has_the_end_of_its_path() -> None:
    assert label_of_group("blocks.block1.columns.0") == "columns.0"
