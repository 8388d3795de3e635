"""How long a trace takes. Run with `pytest tests/benchmarks --benchmark-enable`."""

from collections.abc import Iterator

import pytest
import torch

import cnn_models
from analysis.structure import graph


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    "key", ["vgg16", "googlenet", "resnet50", "resnet152", "densenet121", "se_resnet50"]
)
def test_tracing(benchmark, key):
    with torch.device("meta"):
        model = cnn_models.build(key)
    g = benchmark(graph.trace, model, cnn_models.spec(key).input_shape)
    assert g.totals().params == cnn_models.spec(key).exact_params
