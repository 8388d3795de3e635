"""Maps against SciPy's correlation, their order, and their bounds."""

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d
from torch import nn

from analysis.vision.features.maps import strongest
from analysis.vision.route import route_through


def planted(weights: np.ndarray, bias: list[float] | None = None) -> nn.Conv2d:
    conv = nn.Conv2d(weights.shape[1], len(weights), weights.shape[2:], bias=bias is not None)
    conv.weight.data = torch.from_numpy(weights).float()
    if bias is not None and conv.bias is not None:
        conv.bias.data = torch.tensor(bias)
    return conv


def test_a_map_is_the_correlation_with_the_filter() -> None:
    chance = np.random.default_rng(0)
    weights, image = chance.standard_normal((3, 2, 3, 3)), chance.standard_normal((2, 9, 7))
    model = nn.Sequential(planted(weights))
    x = torch.from_numpy(image).float()[None]
    found = strongest(model, route_through(model, (2, 9, 7), "0"), x)
    expected = np.array(
        [[correlate2d(image[c], kernel[c], mode="valid") for c in range(2)] for kernel in weights]
    ).sum(1)  # (3, 7, 5)
    order = np.argsort(-expected.mean((1, 2)))
    assert found.channels == tuple(order)
    np.testing.assert_allclose(found.shown, expected[order], atol=1e-5)
    np.testing.assert_allclose(found.means, expected.mean((1, 2)), atol=1e-5)
    np.testing.assert_allclose(found.maxima, expected.max((1, 2)), atol=1e-5)
    assert found.size == (7, 5)
    assert found.is_signed


def test_mean_and_maximum_sort_differently_and_ties_keep_their_order() -> None:
    weights = np.array([1.0, 0.0, 0.0, -1.0]).reshape(4, 1, 1, 1)
    model = nn.Sequential(planted(weights, [0.0, 0.5, 0.5, 0.0]))
    x = torch.zeros(1, 1, 4, 4)
    x[0, 0, 1, 2] = 2.0  # the maxima are 2, 0.5, 0.5, 0 and the means 1/8, 0.5, 0.5, −1/8
    way = route_through(model, (1, 4, 4), "0")
    assert strongest(model, way, x, "mean").channels == (1, 2, 0, 3)
    assert strongest(model, way, x, "maximum").channels == (0, 1, 2, 3)
    assert strongest(model, way, x, "maximum", count=2).channels == (0, 1)


def test_large_maps_are_averaged_but_measured_as_they_are() -> None:
    model = nn.Sequential(planted(np.ones((1, 1, 1, 1))))
    x = torch.zeros(1, 1, 224, 224)
    x[0, 0, 0, 0] = 1.0
    found = strongest(model, route_through(model, (1, 224, 224), "0"), x, "maximum")
    assert found.shown.shape == (1, 112, 112)
    assert found.shown[0, 0, 0] == 0.25  # one of four pixels
    assert found.values[0] == 1.0
    assert found.size == (224, 224)


def test_maps_that_a_relu_leaves_empty_are_counted() -> None:
    model = nn.Sequential(planted(np.array([1.0, -1.0, -2.0]).reshape(3, 1, 1, 1)), nn.ReLU())
    found = strongest(model, route_through(model, (1, 4, 4), "1"), torch.ones(1, 1, 4, 4))
    assert found.silent == 2
    assert not found.is_signed


def test_what_cannot_be_shown_is_refused_in_words() -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 1), nn.Flatten()).eval()
    x = torch.ones(1, 1, 4, 4)
    with pytest.raises(ValueError, match="no order 'size'; choose mean or maximum"):
        strongest(model, route_through(model, (1, 4, 4), "0"), x, "size")
    with pytest.raises(ValueError, match="before the maps are flattened"):
        strongest(model, route_through(model, (1, 4, 4), "1"), x)
    with pytest.raises(ValueError, match="not finite"):
        strongest(model, route_through(model, (1, 4, 4), "0"), x * torch.inf)
