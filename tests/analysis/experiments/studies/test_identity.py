"""A deeper network whose additional blocks copy is the same network."""

import pytest
import torch
from torch import nn

import cnn_models
from analysis.experiments import lab
from analysis.experiments.studies import identity


def _lived_in(name: str) -> nn.Module:
    """A network with statistics and scales as after some training."""
    torch.manual_seed(3)
    network = lab.build(name, 10, {"depth": 8}).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for values in (module.running_var, module.weight.data):
                assert values is not None
                values.copy_(1 + 0.3 * torch.rand_like(values))
            module.bias.data.normal_()
    return network


@pytest.mark.parametrize("name", ["plain", "residual"])
@pytest.mark.parametrize("depth", [14, 20])
def test_the_copy_answers_the_same_to_the_last_bit(name: str, depth: int) -> None:
    shallow = _lived_in(name)
    images, labels = torch.randn(12, 3, 16, 16), torch.arange(12) % 10
    found = identity.compared(shallow, depth, images, labels)
    assert found.difference == 0
    assert found.shallow == found.deep
    assert found.images == 12
    deep = identity.deepened(shallow, depth)
    assert sum(isinstance(m, nn.Conv2d) for m in deep.modules()) == depth - 1
    assert "the same to the last bit" in identity.verdict(found, depth, ("one", "its copy"))


def test_a_copy_that_differs_is_called_so() -> None:
    found = identity.Deepened(0.5, 0.25, 0.125, 8)
    assert "differ by 0.12 at most" in identity.verdict(found, 20, ("one", "its copy"))


def test_what_cannot_be_deepened_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 8"):
        identity.deepened(_lived_in("plain"), 8)
    with pytest.raises(ValueError, match="6n"):
        identity.deepened(_lived_in("plain"), 21)
    with pytest.raises(ValueError, match="plain and the residual"):
        identity.deepened(cnn_models.build("lenet5_modern"), 20)


def test_blocks_of_zeros_copy_what_their_order_lets_through() -> None:
    assert "gives back any input as it is" in identity.zeros_notice()
