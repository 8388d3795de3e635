"""Survival by block: the numbers of the paper, and those of the network that is trained."""

import pytest
import torch

from analysis.experiments import lab, records
from analysis.experiments.studies import stochastic
from cnn_models.families.stochastic_depth import StochasticBlock


def test_three_blocks_of_four_work() -> None:
    found = stochastic.survival(110, 0.5)
    assert len(found.chances) == 54
    assert found.expected == pytest.approx(40.25)  # "reduces to E(L~) ~ 40", Section 3
    assert found.chances[-1] == 0.5
    with pytest.raises(ValueError, match="6n"):
        stochastic.survival(51, 0.5)


def test_the_network_has_these_chances_and_keeps_to_them() -> None:
    torch.manual_seed(0)
    network = lab.build("stochastic", 10, {"depth": 8, "survival": 0.4})
    blocks = [module for module in network.modules() if isinstance(module, StochasticBlock)]
    wanted = stochastic.survival(8, 0.4)
    assert [block.survival for block in blocks] == pytest.approx(list(wanted.chances))
    ran = []
    for block in blocks:
        block.conv1.register_forward_hook(lambda *_: ran.append(1))
    with torch.no_grad():
        for _ in range(300):
            network(torch.zeros(1, 3, 8, 8))
    assert len(ran) / 300 == pytest.approx(wanted.expected, abs=0.15)  # three standard errors


def test_the_record_says_how_many_blocks_work() -> None:
    rows = records.read("stochastic").rows
    assert "of 27 blocks work in a batch" in stochastic.verdict(rows)
    assert "an expected depth of" in stochastic.survival_notice(stochastic.survival(56, 0.5), 0.5)
