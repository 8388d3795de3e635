"""DeepLIFT: hand calculations, sums that are reached, and Captum where it is right by itself."""

import numpy as np
import pytest
import torch
from captum.attr import DeepLift
from torch import Tensor, nn
from torch.nn import functional

from analysis.vision.attribution import MethodRefused, Options, attribute, refusal
from tests.analysis.vision.attribution.networks import Tiny


class Once(nn.Module):
    """One pixel a class score: whatever `bend` makes of twice the picture."""

    def __init__(self, bend) -> None:
        super().__init__()
        self.bend = bend

    def forward(self, x: Tensor) -> Tensor:
        return self.bend(2 * x).flatten(1)


ACTIVATIONS = {
    "ReLU6": nn.ReLU6(),
    "SiLU": nn.SiLU(),
    "SiLU in place": nn.SiLU(inplace=True),
    "hard swish": functional.hardswish,
    "GELU": nn.GELU(),
    "hard sigmoid": nn.Hardsigmoid(),
    "tanh": torch.tanh,
    "sigmoid, a method": lambda x: x.sigmoid(),
    "leaky ReLU": lambda x: functional.leaky_relu(x, 0.2),
    "square": torch.square,
    "x · x": lambda x: x * x,
    "x · sigmoid(x)": lambda x: x * torch.sigmoid(x),
    "1 / (1 + x²)": lambda x: 1.0 / (1 + x**2),
    "x / (1 + x²)": lambda x: x / (1 + x**2),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_single_path_gets_all_of_the_change(name):
    """With one pixel for one score there is nothing to share: the map is the change itself."""
    bend, x = ACTIVATIONS[name], torch.tensor([[[[3.7, -1.3]]]])
    white = torch.tensor([[[[0.4, 0.4]]]])
    with torch.no_grad():
        change = Once(bend)(x) - Once(bend)(white)
    for target in (0, 1):
        options = Options(baseline="white", value_range=((0.0,), (0.4,)))
        found = attribute(Once(bend), x, target, "deeplift", options)
        assert found.values[0, target] == pytest.approx(change[0, target].item(), rel=1e-3)
        assert found.values[0, 1 - target] == pytest.approx(0, abs=1e-5)
        assert found.delta == pytest.approx(0, abs=1e-4)


def test_a_product_is_shared_as_shapley_would():
    """f = a · b from (0, 0) to (2, 3): 3 for each, since each order gives 6 to who comes last."""

    class Product(nn.Module):
        def forward(self, x):
            a, b = x.flatten(1).unbind(1)
            return torch.stack([a * b, a + b], 1)

    found = attribute(Product(), torch.tensor([[[[2.0, 3.0]]]]), 0, "deeplift")
    np.testing.assert_allclose(found.values, [[3.0, 3.0]], rtol=1e-5)


def test_a_maximum_goes_to_the_pixel_that_makes_it():
    """From (1, 4) to (7, 2): the picture's 7 rises over the baseline's 4 by 3."""

    class Largest(nn.Module):
        def __init__(self, pool):
            super().__init__()
            self.pool = pool

        def forward(self, x):
            largest = self.pool(x).flatten(1)
            return torch.cat([largest, -largest], 1)

    limits = ((0.0, 0.0), (1.0, 4.0))
    x = torch.tensor([[[[7.0, 2.0]], [[1.0, 0.0]]]])  # two channels; white is 1 and 4
    for pool in (nn.MaxPool2d((1, 2)), nn.AdaptiveMaxPool2d(1)):
        found = attribute(
            Largest(pool), x, 0, "deeplift", Options(baseline="white", value_range=limits)
        )
        # Channel 0 from 1 to its first pixel's 7: 6 there.
        np.testing.assert_allclose(found.values, [[6.0, 0.0]], atol=1e-5)


def test_windows_that_overlap_both_give_to_their_pixel():
    """Captum's own rule loses one of them."""
    head = nn.Linear(9, 2, bias=False)
    model = nn.Sequential(nn.MaxPool2d(3, 1), nn.Flatten(), head)
    x = torch.zeros(1, 1, 5, 5)
    x[0, 0, 2, 2] = 4.0  # in all nine windows
    found = attribute(model, x, 0, "deeplift").values
    expected = 4 * head.weight[0].sum().item()
    assert found[2, 2] == pytest.approx(expected, rel=1e-4)
    assert np.abs(found).sum() == pytest.approx(abs(expected), rel=1e-4)


@pytest.mark.parametrize(
    "norm",
    [nn.LocalResponseNorm(5, 0.5), nn.LocalResponseNorm(4, 2.0, 0.6, 2.0), nn.LayerNorm([6, 7, 7])],
)
def test_norms_are_taken_apart_without_changing_them(norm):
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 2), norm, nn.ReLU(), nn.Flatten(), nn.Linear(6 * 49, 3)
    ).eval()
    x = 3 * torch.randn(1, 1, 8, 8)
    with torch.no_grad():
        change = (model(x) - model(0 * x))[0, 1].item()
    found = attribute(model, x, 1, "deeplift")
    assert found.values.sum() == pytest.approx(change, rel=1e-3, abs=1e-4)


@pytest.mark.filterwarnings("ignore:Setting forward")
def test_it_is_captums_where_captum_has_all_the_rules():
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 4, 2),
        nn.Tanh(), nn.Flatten(), nn.Linear(16, 3),
    ).eval()  # fmt: skip
    x = torch.randn(1, 2, 8, 8)
    expected = DeepLift(model).attribute(x.clone().requires_grad_(), target=2)[0].sum(0).detach()
    found = attribute(model, x, 2, "deeplift").values
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_an_activation_that_is_used_twice_is_repaired():
    class Twice(Tiny):
        def forward(self, x):
            maps = self.relu(self.conv(self.relu(x)))
            return self.head(self.pool(maps).flatten(1))

    x = torch.randn(1, 2, 8, 8)
    with torch.no_grad():
        change = (Twice()(x) - Twice()(0 * x))[0, 0].item()
    assert attribute(Twice(), x, 0, "deeplift").values.sum() == pytest.approx(change, rel=1e-3)


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (nn.Softmax(1), "no rule for 1 × softmax"),
        (nn.GroupNorm(2, 2), "no rule for 1 × group norm"),
        (nn.RReLU(), "no rule for 1 × rre lu"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(layer, sentence):
    model = nn.Sequential(nn.Conv2d(2, 2, 3), layer, Tiny())
    assert refusal(model, "deeplift")
    with pytest.raises(MethodRefused, match=sentence):
        attribute(model, torch.randn(1, 2, 8, 8), 0, "deeplift")


def test_a_map_that_does_not_add_up_is_not_shown(monkeypatch):
    """Without the rule for products, a gate's is the plain gradient, and the numbers are named."""
    monkeypatch.setattr(
        "analysis.vision.attribution.deeplift.product", lambda a, b: torch.mul(a, b)
    )

    class Gated(Tiny):
        def forward(self, x):
            maps = self.relu(self.conv(x))
            return self.head((maps * maps).mean((2, 3)))

    with pytest.raises(MethodRefused, match=r"should add up to .* and adds up to .*Choose"):
        attribute(Gated(), torch.randn(1, 2, 8, 8), 0, "deeplift")
