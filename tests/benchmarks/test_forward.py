"""How long one image takes: `pytest tests/benchmarks --benchmark-enable`.

In the ordinary suite each runs once and only has to work.
"""

import pytest
import torch

import cnn_models
from analysis.vision.attribution import METHODS, attribute
from analysis.vision.prediction import predict

NETWORKS = ("lenet5_modern", "alexnet_owt", "resnet18", "mobilenet_v1")


@pytest.mark.parametrize("key", NETWORKS)
def test_forward(benchmark, key):
    model = cnn_models.build(key)
    x = torch.randn(1, *cnn_models.spec(key).input_shape, generator=torch.manual_seed(0))
    benchmark.group = "forward, one image"
    probabilities = benchmark(predict, model, x)
    assert probabilities.shape == (1, cnn_models.spec(key).num_classes)


@pytest.mark.parametrize("method", METHODS)
def test_attribution(benchmark, method):
    model = cnn_models.build("cifar_resnet20")
    x = torch.randn(1, 3, 32, 32, generator=torch.manual_seed(0))
    benchmark.group = "attribution, cifar_resnet20"
    found = benchmark(attribute, model, x, 0, method)
    assert found.values.shape == (32, 32)
