"""VGG-13 with batch norm against the layers of its owner, since parity.json has no logits of it."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor
from torch.nn import functional

import cnn_models
from cnn_models.convert import convert
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture

SIBLING = "torchvision/vgg11_bn"


def owner(state: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """torchvision's network by its own names.

    The layers of `features` are numbered: convolution, batch norm, ReLU, and where a number is
    left out before the next convolution, a max pooling.
    """
    convolutions = [int(n.split(".")[1]) for n, t in state.items() if t.ndim == 4]
    following = [*convolutions[1:], convolutions[-1] + 4]
    for number, after in zip(convolutions, following, strict=True):
        conv, bn = f"features.{number}", f"features.{number + 1}"
        x = functional.conv2d(x, state[f"{conv}.weight"], state[f"{conv}.bias"], padding=1)
        mean, variance = state[f"{bn}.running_mean"], state[f"{bn}.running_var"]
        x = functional.batch_norm(x, mean, variance, state[f"{bn}.weight"], state[f"{bn}.bias"])
        x = functional.relu(x)
        if after == number + 4:
            x = functional.max_pool2d(x, 2)
    x = functional.adaptive_avg_pool2d(x, 7).flatten(1)
    for name in ("classifier.0", "classifier.3"):
        x = functional.relu(functional.linear(x, state[f"{name}.weight"], state[f"{name}.bias"]))
    return functional.linear(x, state["classifier.6.weight"], state["classifier.6.bias"])


def shapes_of_configuration_b() -> dict[str, list[int]]:
    """The features of torchvision's vgg13_bn: two convolutions in each of five stages."""
    shapes: dict[str, list[int]] = {}
    number, inputs = 0, 3
    for outputs in (64, 128, 256, 512, 512):
        for _ in range(2):
            shapes[f"features.{number}.weight"] = [outputs, inputs, 3, 3]
            shapes[f"features.{number}.bias"] = [outputs]
            for part in ("weight", "bias", "running_mean", "running_var"):
                shapes[f"features.{number + 1}.{part}"] = [outputs]
            number, inputs = number + 3, outputs
        number += 1
    return shapes


@pytest.fixture(scope="module")
def classifier() -> dict[str, Tensor]:
    """The three linear layers, which have the same names and shapes in both networks."""
    shapes = SHAPES[SIBLING]
    return deterministic({n: shapes[n] for n in shapes if n.startswith("classifier")})


def test_the_owners_layers_give_the_owners_logits(classifier):
    shapes = {n: shape for n, shape in SHAPES[SIBLING].items() if n not in classifier}
    with torch.inference_mode():
        logits = owner(deterministic(shapes) | classifier, picture(224))
    assert_owners_logits(logits, SIBLING)


def test_vgg13_bn_gives_the_logits_of_its_owners_layers(classifier):
    state = deterministic(shapes_of_configuration_b()) | classifier
    with torch.device("meta"):
        network = cnn_models.build("vgg13_bn").eval()
    network.load_state_dict(convert("vgg13_bn", state), strict=True, assign=True)
    x = picture(224)
    with torch.inference_mode():
        expected = owner(state, x)
        torch.testing.assert_close(network(x), expected, rtol=1e-4, atol=1e-4)
    assert expected.norm() > 1
