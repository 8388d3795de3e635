"""First filters: read as they are, and told apart from noise."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.vision.features import filters, layers, notice
from analysis.vision.probe import probe
from analysis.vision.route import route_through
from analysis.vision.voices import load, voice


class Functional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.arange(24.0).view(2, 3, 2, 2))

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, weight=self.weight * 2)


def test_filters_of_a_module_and_of_a_function() -> None:
    conv = nn.Conv2d(3, 4, 5)
    model = nn.Sequential(conv)
    found = filters.filters(model, route_through(model, (3, 8, 8), "0"))
    assert (found == conv.weight.detach().numpy()).all()
    way = route_through(Functional(), (3, 8, 8), "conv2d")
    found = filters.filters(Functional(), way)
    assert (found == 2 * np.arange(24.0).reshape(2, 3, 2, 2)).all()


def test_what_has_no_filters_is_refused() -> None:
    model = nn.Sequential(nn.ReLU())
    with pytest.raises(ValueError, match="no filters; choose a convolution"):
        filters.filters(model, route_through(model, (3, 8, 8), "0"))


def test_grey_and_colour() -> None:
    grey = np.broadcast_to(np.array([[1.0, -1.0], [2.0, 0.5]]), (3, 2, 2))
    red = np.zeros((3, 2, 2))
    red[0] = 1  # a third is common: 3 · (1/3)² against 1
    opposed = np.stack([np.ones((2, 2)), -np.ones((2, 2)), np.zeros((2, 2))])
    found = filters.facts(np.stack([grey, red, opposed])).grey
    np.testing.assert_allclose(found, [1, 1 / 3, 0], atol=1e-12)


def test_direction_of_an_edge_and_of_a_blob() -> None:
    ramp = np.arange(5.0)
    edge = np.broadcast_to(ramp, (1, 5, 5))
    slanted = (ramp + 2 * ramp[:, None])[None]
    blob = -((ramp - 2) ** 2 + (ramp[:, None] - 2) ** 2)[None]
    found = filters.facts(np.stack([edge, slanted, blob, np.zeros((1, 5, 5))])).direction
    np.testing.assert_allclose(found, [1, 1, 0, 0], atol=1e-12)


def test_likeness_of_neighbours() -> None:
    even, board = np.ones((1, 4, 4)), np.indices((4, 4)).sum(0)[None] % 2 * 2.0 - 1
    np.testing.assert_allclose(filters.facts(np.stack([even, board])).likeness, [1, -1])


def test_noise_is_what_the_sums_say() -> None:
    """Of three independent colours a third is common, and neighbours do not correlate."""
    noise = filters.of_noise((3, 7, 7))
    assert abs(noise.grey.mean() - 1 / 3) < 0.01
    assert abs(noise.likeness.mean()) < 0.01
    assert (filters.of_noise((3, 7, 7)).grey == noise.grey).all()
    assert (filters.of_noise((3, 7, 7), seed=1).grey != noise.grey).any()


@pytest.mark.parametrize(
    ("key", "operation", "said"),
    [
        ("cifar_resnet20", "conv1", "these have a shape"),
        ("lenet5_modern", "c1", "these have a shape"),
        ("cifar_plain32", "conv1", "they look like noise. These are random weights"),
    ],
)
def test_training_gives_filters_a_shape(key: str, operation: str, said: str) -> None:
    speaker = voice(key)
    way = layers.route_at(key, speaker.input_shape, operation)
    weights = filters.filters(load(speaker, torch.device("cpu")), way)
    noise = filters.of_noise(weights.shape[1:])
    sentence = notice.of_filters(weights, filters.facts(weights), noise, bool(speaker.trained_on))
    assert said in sentence
    assert ("nearly grey" in sentence) == (weights.shape[1] == 3)


def test_weights_are_a_copy() -> None:
    conv = nn.Conv2d(1, 1, 1)
    model, before = nn.Sequential(conv), conv.weight.detach().clone()
    with probe(model):
        filters.filters(model, route_through(model, (1, 2, 2), "0"))[:] = 9
    assert torch.equal(conv.weight, before)
