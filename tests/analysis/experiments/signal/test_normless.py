"""Networks without their batch normalisation."""

import pytest
import torch
from torch import nn

from analysis.experiments import lab
from analysis.experiments.signal.normless import Shift, normalised


@pytest.mark.parametrize("name", ["plain", "residual", "preact"])
def test_no_normalisation_is_left_but_its_shift(name: str) -> None:
    options = {"depth": 8, "norm": False}
    model = lab.build(name, 10, options)
    kinds = [type(module) for module in model.modules()]
    whole = lab.build(name, 10, {"depth": 8, "norm": True})
    norms = sum(isinstance(module, nn.BatchNorm2d) for module in whole.modules())
    assert nn.BatchNorm2d not in kinds
    assert kinds.count(Shift) == norms > 0


def test_without_it_the_output_grows_with_the_input() -> None:
    """A network of convolutions and ReLU without biases is homogeneous; a normalised one is not."""
    x = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    bare = lab.build("plain", 10, {"depth": 8, "norm": False}).eval()
    with torch.no_grad():
        torch.testing.assert_close(bare(2 * x), 2 * bare(x))


def test_the_shift_is_one_value_a_channel() -> None:
    shift = Shift(2)
    shift.bias.data = torch.tensor([1.0, -2.0])
    torch.testing.assert_close(
        shift(torch.zeros(1, 2, 1, 2)), torch.tensor([[[[1.0, 1.0]], [[-2.0, -2.0]]]])
    )


def test_only_true_and_false_are_understood() -> None:
    with pytest.raises(ValueError, match="norm is 0; it is true or false"):
        normalised(nn.Sequential(), 0)  # type: ignore[arg-type]
