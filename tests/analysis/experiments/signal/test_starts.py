"""The rules of initialisation, against torch's own and against arithmetic."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from analysis.experiments import lab
from analysis.experiments.signal.starts import STARTS, initialise


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def conv() -> nn.Conv2d:
    return nn.Conv2d(64, 96, 3)  # n_in = 576, n_out = 864


@pytest.mark.parametrize(
    ("rule", "variance"),
    [("he", 2 / 576), ("xavier", 2 / (576 + 864)), ("small", 1e-4), ("he_root", (2 / 576) ** 0.5)],
)
def test_variance_of_a_convolution_counts_its_window(rule: str, variance: float) -> None:
    weights = initialise(conv(), rule).weight.detach()
    assert float(weights.var()) == pytest.approx(variance, rel=0.03)
    assert float(weights.mean()) == pytest.approx(0, abs=4 * (variance / weights.numel()) ** 0.5)


@pytest.mark.parametrize(
    ("rule", "fill"), [("he", nn.init.kaiming_normal_), ("xavier", nn.init.xavier_normal_)]
)
def test_variance_is_that_of_torchs_rule(rule: str, fill: Callable[[Tensor], Tensor]) -> None:
    theirs = fill(torch.empty(96, 64, 3, 3))
    ours = initialise(conv(), rule).weight
    assert float(ours.detach().var()) == pytest.approx(float(theirs.detach().var()), rel=0.03)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20), (3, 16, 16)])
def test_orthogonal_weights_have_rows_or_columns_at_right_angles(shape: tuple[int, ...]) -> None:
    weights = STARTS["orthogonal"].draw(*shape)
    rows = weights if shape[-2] <= shape[-1] else weights.mT
    torch.testing.assert_close(
        rows @ rows.mT, torch.eye(rows.shape[-2]).expand(*shape[:-2], -1, -1), atol=1e-5, rtol=0
    )


def test_zeros_and_biases_are_zero() -> None:
    layer = initialise(nn.Linear(5, 4), "zeros")
    assert not layer.weight.any()
    assert not layer.bias.any()
    assert not initialise(nn.Linear(5, 4), "he").bias.any()


def test_a_run_can_ask_for_a_rule() -> None:
    model = lab.build("plain", 10, {"depth": 8, "init": "small"})
    spread = float(model.state_dict()["layer3.0.conv2.weight"].std())
    assert spread == pytest.approx(0.01, rel=0.05)
    with pytest.raises(ValueError, match="init is 'best'; the rules are he, xavier"):
        lab.build("plain", 10, {"depth": 8, "init": "best"})
