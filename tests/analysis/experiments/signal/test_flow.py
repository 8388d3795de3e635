"""What arrives at each layer, by hand and in the networks of the page."""

import pandas as pd
import pytest
import torch
from torch import nn

from analysis.experiments import lab
from analysis.experiments.data import Data, Split
from analysis.experiments.signal import flow
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.flow import WAYS, Plan


def test_two_linear_layers_by_hand() -> None:
    """For x = (3, 4), a first layer 2 · I and a second of zeros, both classes have p = 1/2."""
    first, second = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
    first.weight.data = 2 * torch.eye(2)
    second.weight.data = torch.zeros(2, 2)
    split = Split(torch.tensor([[3.0, 4.0]]), torch.tensor([0]))
    one, two = flow.layers(nn.Sequential(first, second), split, Data(split, split))
    assert one.activation == pytest.approx((25 / 2) ** 0.5)
    assert two.activation == pytest.approx((100 / 2) ** 0.5)
    assert one.backward == 0  # nothing comes back through zeros
    assert two.backward == pytest.approx(0.5**0.5)  # (p - 1, p) = (-1/2, 1/2)
    assert two.gradient == pytest.approx(0.5**0.5 * 10)  # times |(6, 8)|


def test_the_network_is_left_as_it_was() -> None:
    torch.manual_seed(0)
    model = lab.build("residual", 10, {"depth": 8}).eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    split = Split(torch.randn(4, 3, 8, 8), torch.arange(4))
    found = flow.layers(model, split, Data(split, split))
    assert [layer.name for layer in found][:2] == ["conv1", "layer1.0.conv1"]
    assert len(found) == 8  # 7 convolutions and the classifier
    assert not model.training
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(module._forward_hooks for module in model.modules())
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    return flow.measure(Plan((20,), ("xavier",), side=8, images=16), 0)


def reached(rows: pd.DataFrame, norm: bool) -> dict[str, float]:
    """The gradient that arrives at the first layer, as a multiple of the last convolution's."""
    found = flow.over_seeds(where(rows, norm=norm), "backward")
    means = {str(way): part["mean"].tolist() for way, part in found.groupby("way")}
    return {way: mean[0] / mean[-2] for way, mean in means.items()}


def test_without_norm_only_a_shortcut_brings_the_gradient_to_the_first_layer(
    measured: pd.DataFrame,
) -> None:
    share = reached(measured, norm=False)
    assert share["plain"] < 1e-3
    assert 0.1 < share["residual"] < 10
    assert 0.1 < share["preact"] < 10


def test_with_norm_a_plain_network_has_the_most_uneven_gradients(measured: pd.DataFrame) -> None:
    share = reached(measured, norm=True)
    assert share["plain"] == max(share.values())
    assert share["plain"] > 2 * share["residual"]


def test_rows_and_sentence(measured: pd.DataFrame) -> None:
    assert set(measured["way"]) == set(WAYS)
    assert set(where(measured, way="plain")["layer"]) == set(range(1, 21))
    for quantity in flow.QUANTITIES:
        rows = flow.over_seeds(where(measured, norm=False), quantity)
        said = flow.sentence(rows, quantity)
        assert "(plain)" in said
        assert "(dense)" in said


def test_a_network_that_diverges_has_no_more_rows() -> None:
    plan = Plan((8,), ("he_root",), (False,), side=8, images=16, steps=(0, 3), rate=100.0)
    rows = flow.measure(plan, 0)
    assert set(rows["step"]) == {0}
