import copy
import math

import pytest
import torch
from torch import nn

from analysis.vision.attribution import attribute
from analysis.vision.grading.randomised import layers, randomised
from analysis.vision.probe import Shared


class OutOfOrder(nn.Module):
    """Its layers are not registered in the order in which they are used."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.stem = nn.Conv2d(2, 8, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.norm(self.stem(x)).relu().mean(dim=(2, 3)))


@pytest.fixture
def network():
    torch.manual_seed(0)
    return OutOfOrder().eval()


X = torch.rand(5, 2, 6, 6, generator=torch.Generator().manual_seed(1))


def same(one, other, name):
    states = (module.get_submodule(name).state_dict() for module in (one, other))
    first, second = states
    return all(torch.equal(first[key], second[key]) for key in first)


def test_layers_come_in_the_order_of_use(network):
    assert layers(network, X) == ("stem", "norm", "head")


def test_the_network_itself_stays_as_it_is(network):
    before = copy.deepcopy(network.state_dict())
    randomised(Shared(network), X)
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    assert not network.training
    assert not any(module._forward_pre_hooks for module in network.modules())


@pytest.mark.parametrize("top", range(4))
def test_the_last_layers_are_lost_and_the_others_kept(network, top):
    twin = randomised(network, X, top=top)
    kept = [name for name in ("stem", "norm", "head") if same(network, twin, name)]
    assert kept == ["stem", "norm", "head"][: 3 - top]
    assert not twin.training


def test_all_layers_are_lost_unless_said(network):
    twin = randomised(network, X)
    assert not any(same(network, twin, name) for name in ("stem", "norm", "head"))


def test_one_seed_gives_one_twin(network):
    one, again, other = (randomised(network, X, seed) for seed in (3, 3, 4))
    assert torch.equal(one(X), again(X))
    assert not torch.allclose(one(X), other(X))


def test_batch_norm_measures_what_the_pictures_bring(network):
    twin = randomised(network, X)
    assert isinstance(twin, OutOfOrder)
    brought = twin.stem(X)
    assert twin.norm.running_mean is not None
    assert twin.norm.running_var is not None
    assert torch.allclose(twin.norm.running_mean, brought.mean(dim=(0, 2, 3)), atol=1e-5)
    assert torch.allclose(twin.norm.running_var, brought.var(dim=(0, 2, 3)), atol=1e-4)


def test_weights_have_the_spread_of_he():
    wide = nn.Sequential(nn.Flatten(), nn.Linear(400, 300)).eval()
    twin = randomised(wide, torch.rand(2, 400))
    [layer] = [module for module in twin.modules() if isinstance(module, nn.Linear)]
    assert float(layer.weight.detach().std()) == pytest.approx(math.sqrt(2 / 400), rel=0.02)
    assert not layer.bias.any()


def test_the_map_of_a_linear_network_is_that_of_its_new_weights():
    linear = nn.Sequential(nn.Flatten(), nn.Linear(16, 2, bias=False)).eval()
    x = torch.ones(1, 1, 4, 4)
    twin = randomised(linear, x, seed=2)
    found = attribute(twin, x, 1, "saliency").values
    [layer] = [module for module in twin.modules() if isinstance(module, nn.Linear)]
    expected = layer.weight[1].detach().abs().reshape(4, 4).numpy()
    assert found == pytest.approx(expected)


def test_more_layers_than_there_are_cannot_be_lost(network):
    with pytest.raises(ValueError, match="top is 4; this network has 3 layers"):
        randomised(network, X, top=4)


@pytest.mark.parametrize("norm", [nn.LayerNorm([4, 6, 6]), nn.GroupNorm(2, 4)])
def test_a_norm_that_measures_each_picture_starts_anew_and_lets_it_pass(norm: nn.Module):
    model = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), norm, nn.Flatten(), nn.Linear(144, 3))
    twin = randomised(model.eval(), X)
    assert dict(twin.named_parameters())["1.weight"].eq(1).all()
    assert not torch.allclose(twin(X)[0], twin(X)[1])
