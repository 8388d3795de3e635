"""How long one image takes: `pytest tests/benchmarks --benchmark-enable`.

Each network is timed as it is built here, and as straight-line torch code: the same calls one
after the other, without a class around them, every ReLU in place where nobody else reads its
input. In the ordinary suite each runs once and only has to work.
"""

from functools import cache

import pytest
import torch
from torch import fx, nn

import cnn_models
from analysis.vision.attribution import METHODS, attribute

NETWORKS = (
    "lenet5_modern",
    "alexnet_owt",
    "vgg16",
    "googlenet",
    "resnet50",
    "densenet121",
    "mobilenet_v1",
    "se_resnet50",
    "nasnet_a_mobile",
    "efficientnet_b0",
)


@cache
def built(key: str) -> nn.Module:
    return cnn_models.build(key).eval()


def straight(key: str) -> nn.Module:
    """The network as straight-line code, with its own weights."""
    traced = fx.symbolic_trace(built(key))
    for node in traced.graph.nodes:
        module = traced.get_submodule(node.target) if node.op == "call_module" else None
        if isinstance(module, nn.ReLU) and len(node.args[0].users) == 1:
            traced.set_submodule(node.target, nn.ReLU(inplace=True))
    return traced


@pytest.mark.parametrize("form", [built, straight], ids=["as built", "straight-line"])
@pytest.mark.parametrize("key", NETWORKS)
def test_forward(benchmark, key, form):
    model = form(key)
    x = torch.randn(1, *cnn_models.spec(key).input_shape, generator=torch.manual_seed(0))
    benchmark.group = f"forward, one image, {key}"
    with torch.inference_mode():
        logits = benchmark(model, x)
        expected = built(key)(x)
    torch.testing.assert_close(logits, expected)


@pytest.mark.parametrize("method", METHODS)
def test_attribution(benchmark, method):
    model = cnn_models.build("cifar_resnet20")
    x = torch.randn(1, 3, 32, 32, generator=torch.manual_seed(0))
    benchmark.group = "attribution, cifar_resnet20"
    found = benchmark(attribute, model, x, 0, method)
    assert found.values.shape == (32, 32)
