"""Stochastic depth image by image."""

import pytest
import torch

from cnn_models.blocks.drop_branch import DropBranch


def test_an_image_keeps_its_whole_branch_or_none_of_it():
    torch.manual_seed(0)
    kept = DropBranch(0.8).train()(torch.ones(2000, 2, 3, 3))
    per_image = kept.flatten(1)
    assert (per_image == per_image[:, :1]).all()
    assert set(per_image[:, 0].tolist()) == {0.0, torch.tensor(1 / 0.8).item()}
    # 2000 draws of probability 0.8: standard deviation 0.009.
    assert (per_image[:, 0] > 0).float().mean().item() == pytest.approx(0.8, abs=0.04)
    assert kept.mean().item() == pytest.approx(1, abs=0.05)


def test_in_evaluation_and_for_certain_survival_the_branch_passes_as_it_is():
    x = torch.randn(4, 3, 2, 2)
    assert DropBranch(0.5).eval()(x) is x
    assert DropBranch(1.0).train()(x) is x


def test_it_drops_rows_of_any_number_of_axes_and_their_gradients():
    torch.manual_seed(0)
    x = torch.ones(64, 5, requires_grad=True)
    y = DropBranch(0.5).train()(x)
    y.sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, y.detach())
    assert set(x.grad[:, 0].tolist()) == {0.0, 2.0}
