"""The loss around a network: directions, a surface known by hand, and the network put back."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from analysis.experiments import lab
from analysis.experiments.data import Split
from analysis.experiments.signal import surface
from analysis.experiments.signal.surface import NETWORKS, Plan

TICKS = np.linspace(-1, 1, 3)


def test_every_filter_of_a_direction_is_as_long_as_the_networks_own() -> None:
    torch.manual_seed(0)
    model = lab.build("plain", 10, {"depth": 8})
    drawn = surface.direction(model, torch.Generator().manual_seed(0))
    for (name, weight), step in zip(model.named_parameters(), drawn, strict=True):
        if weight.dim() < 2:
            assert not step.any(), name
        else:
            torch.testing.assert_close(step.flatten(1).norm(dim=1), weight.flatten(1).norm(dim=1))


def test_the_middle_is_the_loss_and_the_network_is_put_back() -> None:
    torch.manual_seed(0)
    model = lab.build("residual", 10, {"depth": 8})
    before = {name: value.clone() for name, value in model.state_dict().items()}
    shown = Split(torch.randn(6, 3, 8, 8), torch.arange(6))
    grid = surface.surface(model, shown, TICKS, seed=0)
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model.eval()(shown.images), shown.labels)
    assert grid[1, 1] == pytest.approx(float(loss), rel=1e-5)
    assert len(np.unique(grid)) == 9
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


def test_a_stop_on_the_way_puts_it_back_too() -> None:
    layer = nn.Linear(4, 2)
    model = nn.Sequential(nn.Flatten(), layer)
    before = layer.weight.detach().clone()

    def stop(done: int, _: int) -> None:
        if done == 4:
            raise InterruptedError

    shown = Split(torch.randn(3, 1, 2, 2), torch.tensor([0, 1, 0]))
    with pytest.raises(InterruptedError):
        surface.surface(model, shown, TICKS, 0, stop)
    assert torch.equal(layer.weight, before)


def test_no_loss_is_infinite() -> None:
    layer = nn.Linear(1, 2, bias=False)
    model = nn.Sequential(nn.Flatten(), layer)
    layer.weight.data = torch.tensor([[1e38], [-1e38]])
    shown = Split(torch.full((1, 1, 1, 1), 1e30), torch.tensor([1]))
    assert (surface.surface(model, shown, TICKS, 0) <= surface.CEILING).all()


def test_rows_and_sentences() -> None:
    plan = Plan(depth=8, epochs=1, points=3, images=20)
    rows = surface.measure(plan, 0)
    assert len(rows) == len(NETWORKS) * 9
    assert math.isclose(rows["x"].to_numpy().min(), -plan.reach)
    said = surface.sentence(rows, 0)
    assert said.startswith("**Plain**: loss ")
    assert "**Residual**: loss" in said
    assert surface.over_seeds(rows) == ""
    both = surface.over_seeds(pd.concat([rows, rows.assign(seed=1)]))
    assert both.startswith("Over 2 seeds the loss is below 1 on ")
