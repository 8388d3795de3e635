import pytest

import cnn_models
from analysis.structure import described


def test_graph_of_a_key_is_at_the_papers_input() -> None:
    graph = described.traced("lenet5_modern")
    assert graph.input_shape == (1, 32, 32)
    assert graph.totals().params == 61_706  # 156 + 2416 + 48120 + 10164 + 850


def test_unknown_key_names_the_close_ones() -> None:
    with pytest.raises(cnn_models.UnknownModel, match="resnet50"):
        described.traced("resnet5O")
