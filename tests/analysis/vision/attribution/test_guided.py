"""Guided backpropagation and deconvolution: the papers' rules, however a ReLU is written."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from captum.attr import GuidedBackprop
from torch import Tensor, nn
from torch.nn import functional

from analysis.vision.attribution import MethodRefused, attribute, refusal
from tests.analysis.vision.attribution.networks import ReluRule, Tiny

RULED = ("guided_backprop", "deconvolution")


class Spelled(nn.Module):
    """Two layers of weights with a ReLU after each, in one way to write it."""

    def __init__(self, relu: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        drawing = torch.Generator().manual_seed(0)
        self.conv = nn.Conv2d(1, 4, 3, bias=False)
        self.head = nn.Linear(4 * 16, 5, bias=False)
        self.end = nn.Linear(5, 2, bias=False)
        for layer in (self.conv, self.head, self.end):
            layer.weight.data = torch.randn(layer.weight.shape, generator=drawing)
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        return self.end(self.relu(self.head(self.relu(self.conv(x)).flatten(1))))


SPELLINGS = {
    "one module for both": nn.ReLU(),
    "in place": nn.ReLU(inplace=True),
    "functional": functional.relu,
    "functional in place": lambda x: functional.relu(x, inplace=True),
    "torch": torch.relu,
    "method": lambda x: x.relu(),
    "method in place": lambda x: x.relu_(),
    "clamp": lambda x: x.clamp(min=0),
    "clamp_min": lambda x: torch.clamp_min(x, 0.0),
    "a high ReLU6": nn.Hardtanh(0.0, 1e6),
}
CAPPED = {
    "module": nn.ReLU6(),
    "functional": functional.relu6,
    "hardtanh": lambda x: functional.hardtanh(x, 0.0, 6.0),
    "clamp": lambda x: x.clamp(0, 6),
}


def picture() -> Tensor:
    return 3 * torch.randn(1, 1, 6, 6, generator=torch.Generator().manual_seed(1))


def by_the_rule(model: nn.Module, x: Tensor, method: str) -> np.ndarray:
    x = x.clone().requires_grad_()
    with ReluRule(method == "deconvolution"):
        score = model.eval()(x)[0, 1]
    return torch.autograd.grad(score, x)[0][0].sum(0).numpy()


def plain(model: nn.Module, x: Tensor) -> np.ndarray:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(model.eval()(x)[0, 1], x)[0][0].sum(0).numpy()


def test_two_relus_by_hand():
    """score = w₂ · relu(w₁ x) with one pixel; two paths, one of them against the class."""

    class Paths(nn.Module):
        def forward(self, x):
            a, b = torch.relu(2 * x), torch.relu(-3 * x)
            top = torch.relu(4 * a - 5 * b + 1)
            return torch.cat([top, -top], 1).flatten(1)

    for pixel, score, guided, deconvolution in (
        # The way down gives 1 at the top; 4 reaches a and -5 reaches b. With the pixel at 1, a is
        # on and b off: 4 · 2. Deconvolution lets 4 pass a as well, and nothing negative pass b.
        (1.0, 0, 8.0, 8.0),
        # At -1, a is off and b is on, and the top, 1 - 15, is off: guided, nothing comes through.
        (-1.0, 0, 0.0, 8.0),
        # The other score sends -1 down, of which the topmost ReLU lets nothing pass.
        (1.0, 1, 0.0, 0.0),
    ):
        x = torch.full((1, 1, 1, 1), pixel)
        assert attribute(Paths(), x, score, "guided_backprop").values.item() == guided
        assert attribute(Paths(), x, score, "deconvolution").values.item() == deconvolution


@pytest.mark.parametrize("method", RULED)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_spelling_of_relu_does_not_matter(spelling, method):
    expected = by_the_rule(Spelled(functional.relu), picture(), method)
    found = attribute(Spelled(SPELLINGS[spelling]), picture(), 1, method).values
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert not np.allclose(found, plain(Spelled(functional.relu), picture()), rtol=0.01)


@pytest.mark.parametrize("method", RULED)
@pytest.mark.parametrize("spelling", CAPPED)
def test_relu6_is_a_relu_and_a_limit(spelling, method):
    expected = by_the_rule(Spelled(functional.relu6), picture(), method)
    found = attribute(Spelled(CAPPED[spelling]), picture(), 1, method).values
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert not np.allclose(found, by_the_rule(Spelled(functional.relu), picture(), method))


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
def test_captum_alone_gives_the_plain_gradient_where_relu_is_a_function():
    """Why a network is read before Captum gets it. Fails when Captum learns it."""
    model = Spelled(functional.relu)
    alone = GuidedBackprop(model).attribute(picture().requires_grad_(), target=1)
    np.testing.assert_allclose(alone[0].sum(0).detach(), plain(model, picture()), rtol=1e-4)


class ReadTwice(nn.Module):
    """Two ReLUs read one tensor, as in NASNet's cells."""

    def __init__(self) -> None:
        super().__init__()
        drawing = torch.Generator().manual_seed(3)
        self.left, self.right = nn.ReLU(), nn.ReLU()
        self.first, self.a, self.b = nn.Linear(9, 9), nn.Linear(9, 2), nn.Linear(9, 2)
        for layer in (self.first, self.a, self.b):
            layer.weight.data = torch.randn(layer.weight.shape, generator=drawing)

    def forward(self, x: Tensor) -> Tensor:
        shared = self.first(x.flatten(1))
        return self.a(self.left(shared)) + self.b(self.right(shared))


@pytest.mark.filterwarnings("ignore:Setting backward hooks")
def test_relus_that_read_one_tensor_are_each_given_their_own():
    x = torch.randn(1, 1, 3, 3, generator=torch.Generator().manual_seed(4))
    expected = by_the_rule(ReadTwice(), x, "guided_backprop")
    found = attribute(ReadTwice(), x, 1, "guided_backprop").values
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    alone = GuidedBackprop(ReadTwice()).attribute(x.clone().requires_grad_(), target=1)
    assert not np.allclose(alone[0, 0].detach(), expected, rtol=0.01)


def test_who_reads_a_tensor_after_a_relu_in_place_reads_what_it_left():
    class Overwritten(nn.Module):
        def forward(self, x):
            before = 2 * x
            after = functional.relu(before, inplace=True)
            return (after + before).flatten(1)

    x = torch.tensor([[[[3.0, -3.0]]]])
    for target, expected in ((0, [[4.0, 0.0]]), (1, [[0.0, 0.0]])):
        found = attribute(Overwritten(), x, target, "guided_backprop").values
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("method", [*RULED, "guided_grad_cam"])
@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (nn.SiLU(), "1 × SiLU .*mixture.*Choose Saliency"),
        (nn.Hardswish(), "1 × hard swish"),
        (nn.GELU(), "1 × GELU"),
        (nn.Tanh(), "1 × tanh"),
        (nn.Sigmoid(), "1 × sigmoid"),  # it feeds a layer, so it is no gate
        (nn.LeakyReLU(), "1 × leaky ReLU"),
        (nn.PReLU(), "1 × PReLU"),
        (nn.ELU(), "1 × ELU"),
        (nn.Hardtanh(-1, 1), "1 × hardtanh"),
    ],
)
def test_activations_without_a_rule_are_refused_by_name(layer, sentence, method):
    model = nn.Sequential(nn.Conv2d(2, 2, 3), layer, Tiny())
    assert refusal(model, method)
    with pytest.raises(MethodRefused, match=sentence):
        attribute(model, torch.randn(1, 2, 8, 8), 0, method)


@pytest.mark.parametrize(
    "bend",
    [
        lambda x: x * torch.sigmoid(x),  # SiLU by hand is no gate
        lambda x: torch.maximum(x, torch.zeros_like(x)),
        lambda x: functional.silu(x),
        lambda x: x**2,
    ],
)
def test_what_is_not_known_to_be_harmless_is_refused(bend):
    assert refusal(Spelled(bend), "guided_backprop")


def test_a_gate_is_a_weight_and_no_activation():
    class Gated(Tiny):
        def forward(self, x):
            maps = self.relu(self.conv(x))
            gate = torch.sigmoid(maps.mean((2, 3))).unsqueeze(-1).unsqueeze(-1)
            return self.head(self.pool(maps * gate).flatten(1))

    x = torch.randn(1, 2, 8, 8)
    assert refusal(Gated(), "guided_backprop") == ""
    found = attribute(Gated(), x, 1, "guided_backprop").values
    np.testing.assert_allclose(found, by_the_rule(Gated(), x, "guided_backprop"), atol=1e-6)


def test_without_a_relu_there_is_nothing_to_guide():
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 2))
    with pytest.raises(MethodRefused, match=r"no ReLU.*Choose Saliency"):
        attribute(model, torch.randn(1, 1, 4, 4), 0, "deconvolution")


@pytest.mark.parametrize("method", [*RULED, "deeplift"])
def test_a_network_that_cannot_be_read_is_refused(method):
    class Deciding(Tiny):
        def forward(self, x):
            return super().forward(x if x.sum() > 0 else -x)

    with pytest.raises(MethodRefused, match="Deciding"):
        attribute(Deciding(), torch.randn(1, 2, 8, 8), 0, method)
    assert attribute(Deciding(), torch.randn(1, 2, 8, 8), 0, "saliency").values.any()
