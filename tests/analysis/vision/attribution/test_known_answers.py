"""Maps that can be written down by hand."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from analysis.vision.attribution import BASELINES, METHODS, Options, attribute
from analysis.vision.attribution.baselines import baseline
from analysis.vision.attribution.pieces import cut
from tests.analysis.vision.attribution.networks import Linear, Tiny

SHAPE = (3, 6, 6)
RANGE = ((-2.0, -1.5, -1.0), (2.0, 2.5, 3.0))
GRID = Options(pieces=9, superpixels=False, samples=200)


def linear_case() -> tuple[Linear, torch.Tensor]:
    return Linear(SHAPE), torch.randn(1, *SHAPE, generator=torch.Generator().manual_seed(2))


def weight(model: Linear, target: int) -> np.ndarray:
    return model.weight[target].detach().numpy()


@pytest.mark.parametrize("method", ["saliency", "smoothgrad"])
def test_the_slope_of_a_linear_network_is_its_weights(method):
    model, x = linear_case()
    found = attribute(model, x, 1, method, Options(noise=0.5, samples=5))
    np.testing.assert_allclose(found.values, np.abs(weight(model, 1)).max(0), rtol=1e-5)


def test_input_times_gradient_of_a_linear_network_is_weight_times_input():
    model, x = linear_case()
    found = attribute(model, x, 2, "input_x_gradient")
    np.testing.assert_allclose(found.values, (weight(model, 2) * x[0].numpy()).sum(0), rtol=1e-4)


@pytest.mark.parametrize("method", ["integrated_gradients", "deeplift"])
@pytest.mark.parametrize("name", BASELINES)
def test_in_a_linear_network_each_pixel_gives_its_weight_times_its_change(method, name):
    model, x = linear_case()
    options = Options(baseline=name, value_range=RANGE, steps=7, seed=4)
    found = attribute(model, x, 2, method, options)
    empty = baseline(name, x, RANGE, 4)
    expected = (weight(model, 2) * (x - empty)[0].numpy()).sum(0)
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-5)
    assert found.delta == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("name", BASELINES)
def test_occlusion_of_a_linear_network_is_what_the_square_gives(name):
    model, x = linear_case()
    options = Options(baseline=name, value_range=RANGE, window=2, stride=2, seed=4)
    found = attribute(model, x, 0, "occlusion", options)
    gives = (weight(model, 0) * (x - baseline(name, x, RANGE, 4))[0].numpy()).sum(0)
    squares = gives.reshape(3, 2, 3, 2).sum((1, 3)).repeat(2, 0).repeat(2, 1)
    np.testing.assert_allclose(found.values, squares, rtol=1e-4, atol=1e-5)


def test_where_squares_overlap_their_falls_are_averaged():
    model, x = Linear((1, 3, 3)), torch.ones(1, 1, 3, 3)
    found = attribute(model, x, 0, "occlusion", Options(window=2, stride=1)).values
    gives = weight(model, 0)[0]
    falls = np.array([[gives[r : r + 2, c : c + 2].sum() for c in (0, 1)] for r in (0, 1)])
    expected = [[falls[0, 0], falls[0].mean(), falls[0, 1]],
                [falls[:, 0].mean(), falls.mean(), falls[:, 1].mean()],
                [falls[1, 0], falls[1].mean(), falls[1, 1]]]  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def pieces_of_linear(model: Linear, x: torch.Tensor, target: int) -> np.ndarray:
    """What each cell of a 3 × 3 grid of 2 × 2 pixels gives to the score: (3, 3)."""
    gives = (weight(model, target) * x[0].numpy()).sum(0)
    return gives.reshape(3, 2, 3, 2).sum((1, 3))


def test_ablation_of_a_linear_network_is_what_the_piece_gives():
    model, x = linear_case()
    expected = pieces_of_linear(model, x, 1).repeat(2, 0).repeat(2, 1)
    found = attribute(model, x, 1, "ablation", GRID)
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-5)


def test_shapley_values_of_a_linear_network_are_what_the_pieces_give():
    model, x = linear_case()
    expected = pieces_of_linear(model, x, 1).repeat(2, 0).repeat(2, 1) / 4  # of each of 4 pixels
    found = attribute(model, x, 1, "kernel_shap", GRID)
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-4)
    assert found.delta == pytest.approx(0, abs=1e-3)


def test_shapley_values_of_a_glove_game():
    """A left and two right gloves are a pair with either right: values 2/3, 1/6 and 1/6."""

    class Gloves(nn.Module):
        def forward(self, x):
            left, right, other = x.flatten(1).unbind(1)
            pair = left * (1 - (1 - right) * (1 - other))
            return torch.stack([pair, -pair], 1)

    options = Options(pieces=3, superpixels=False, samples=2500, batch=100)
    found = attribute(Gloves(), torch.ones(1, 1, 1, 3), 0, "kernel_shap", options)
    np.testing.assert_allclose(found.values, [[2 / 3, 1 / 6, 1 / 6]], atol=0.03)
    assert found.values.sum() == pytest.approx(1, abs=1e-3)


def test_lime_finds_the_weights_of_a_linear_network_but_for_its_ridge():
    model, x = linear_case()
    expected = pieces_of_linear(model, x, 1).repeat(2, 0).repeat(2, 1)
    found = attribute(model, x, 1, "lime", Options(pieces=9, superpixels=False, samples=1500))
    np.testing.assert_allclose(found.values, expected, atol=0.1 * np.abs(expected).max())


@pytest.mark.parametrize("method", [m for m in METHODS if "cam" not in m])
def test_a_planted_pixel_is_found(method):
    layer = nn.Linear(64, 2, bias=False)
    model = nn.Sequential(nn.Flatten(), layer, nn.ReLU())
    with torch.no_grad():
        layer.weight.zero_()
        layer.weight[1, 8 * 6 + 3] = 5.0
    x = torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(0)) + 0.5
    options = Options(window=1, stride=1, pieces=64, superpixels=False, samples=300)
    values = attribute(model, x, 1, method, options).values
    assert np.unravel_index(values.argmax(), values.shape) == (6, 3)
    values[6, 3] -= (largest := values.max())
    assert np.abs(values).max() < 0.02 * largest


@pytest.mark.parametrize("method", ["grad_cam", "guided_grad_cam"])
def test_a_planted_spot_is_found(method):
    model, x = Tiny(), torch.zeros(1, 2, 30, 30)
    with torch.no_grad():
        model.conv.weight.abs_()
        model.head.weight.abs_()
    x[0, :, 20, 5] = 1
    values = attribute(model, x, 0, method).values
    row, column = np.unravel_index(values.argmax(), values.shape)
    assert abs(row - 20) <= 2
    assert abs(column - 5) <= 2


def test_grad_cam_by_hand():
    model, x = Tiny(), torch.randn(1, 2, 8, 8)
    with torch.no_grad():
        maps = model.relu(model.conv(x))[0]  # (3, 6, 6)
    # The score is the head's weight times the mean of each map, so the gradient of every pixel
    # of map k is weight / 36, and that is the weight Grad-CAM gives it.
    for target in (0, 1):
        weights = model.head.weight[target].detach() / 36
        cam = functional.relu((weights[:, None, None] * maps).sum(dim=0))
        expected = functional.interpolate(cam[None, None], (8, 8), mode="bilinear")[0, 0]
        found = attribute(model, x, target, "grad_cam")
        np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-7)
        assert found.layer == "relu"


def test_integrated_gradients_is_complete_within_its_delta():
    model, x = Tiny().eval(), torch.randn(1, 2, 9, 9)
    with torch.no_grad():
        change = (model(x) - model(torch.zeros_like(x)))[0, 1].item()
    coarse, fine = (
        attribute(model, x, 1, "integrated_gradients", Options(steps=steps)) for steps in (4, 300)
    )
    for found in (coarse, fine):
        assert found.delta is not None
        assert found.values.sum() - change == pytest.approx(found.delta, abs=1e-5)
    assert fine.values.sum() == pytest.approx(change, abs=2e-3)


def test_smoothgrad_is_the_mean_slope_under_the_noise_that_was_asked_for():
    """The slope of x² is 2 x; over noise of width s its mean is 2 x, within 2 s / √samples."""

    class Square(nn.Module):
        def forward(self, x):
            return torch.stack([(x**2).sum((1, 2, 3)), x.sum((1, 2, 3))], 1)

    x = torch.linspace(0, 2, 64).reshape(1, 1, 8, 8)  # the range is 2
    maps = [
        attribute(Square(), x, 0, "smoothgrad", Options(noise=0.1, samples=400, seed=s)).values
        for s in range(2)
    ]
    spread = 2 * 0.1 * 2 / 20
    errors = np.stack(maps)[:, 1:] - 2 * x[0, 0, 1:].numpy()  # not where |·| folds the noise
    assert 0.7 * spread < errors.std() < 1.3 * spread


def test_baselines_by_hand():
    x = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]], [[-1.0, 0.0], [1.0, 5.0]]]])
    black, white = baseline("black", x, None, 0), baseline("white", x, None, 0)
    assert black[0].amax((1, 2)).tolist() == black[0].amin((1, 2)).tolist() == [0.0, -1.0]
    assert white[0].amax((1, 2)).tolist() == white[0].amin((1, 2)).tolist() == [3.0, 5.0]
    limits = ((-9.0, -8.0), (9.0, 8.0))
    assert baseline("black", x, limits, 0)[0, :, 0, 0].tolist() == [-9.0, -8.0]
    noise = baseline("noise", torch.zeros(1, 2, 64, 64), limits, 1)[0]
    assert noise.amax((1, 2)).tolist() == pytest.approx([9.0, 8.0], abs=0.1)
    assert noise.mean((1, 2)).tolist() == pytest.approx([0.0, 0.0], abs=0.3)


def test_a_blurred_picture_keeps_its_brightness_and_loses_its_edges():
    x = torch.zeros(1, 2, 40, 30)
    x[:, 0, :, 15:] = 1
    soft = baseline("blurred", x, None, 0)
    assert soft.shape == x.shape
    assert soft[0, 1].abs().max() == 0
    assert soft[0, 0].mean().item() == pytest.approx(0.5, abs=1e-5)
    # Across the edge a blur of width s rises by 1 / (s √(2π)) a pixel, here with s = 30 / 8.
    assert (soft[0, 0, 20, 15] - soft[0, 0, 20, 14]).item() == pytest.approx(
        1 / (3.75 * (2 * np.pi) ** 0.5), rel=0.02
    )


def test_a_grid_has_cells_of_equal_size():
    cells = cut(np.zeros((1, 6, 9)), 6, superpixels=False)
    assert cells[::3, ::3].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (np.bincount(cells.ravel()) == 9).all()


def test_superpixels_keep_to_the_edges_of_things():
    picture = np.zeros((3, 40, 40))
    picture[:, 13:29, 9:33] = 1.0  # on no line of the grid
    numbers = cut(picture, 16, superpixels=True)
    inside = picture[0] > 0
    assert 8 <= numbers.max() + 1 <= 16
    assert set(np.unique(numbers)) == set(range(numbers.max() + 1))
    assert not set(numbers[inside]) & set(numbers[~inside])


@pytest.mark.parametrize("superpixels", [True, False])
@pytest.mark.parametrize("shape", [(1, 1, 2), (3, 2, 1), (3, 5, 3), (1, 64, 8)])
def test_pictures_of_any_shape_are_cut(shape, superpixels):
    numbers = cut(np.random.default_rng(0).random(shape), 49, superpixels)
    assert numbers.shape == shape[1:]
    assert 2 <= numbers.max() + 1 <= min(49, numbers.size)
