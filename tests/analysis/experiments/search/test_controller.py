"""The controller: its gradient against the exact one, its chances, and what it leaves alone."""

import itertools

import pytest
import torch
from torch import Tensor

from analysis.experiments.search.controller import (
    COUNTS,
    Controller,
    Plan,
    Policy,
    Reinforce,
    log_chance,
    surrogate,
)
from cnn_models.families.searched import COUNT


def outcomes(counts: tuple[int, ...]) -> Tensor:
    """All networks of a space, (N, D)."""
    return torch.tensor(list(itertools.product(*map(range, counts))))


def gradient(of: Tensor, controller: Controller) -> Tensor:
    parts = torch.autograd.grad(of, list(controller.parameters()), allow_unused=True)
    return torch.cat([part.flatten() for part in parts if part is not None])


@pytest.mark.parametrize("baseline", [0.0, 0.55, -3.0])
@pytest.mark.parametrize("counts", [(3,), (2, 3)])
def test_the_estimate_is_exact_in_expectation(counts: tuple[int, ...], baseline: float) -> None:
    controller = Controller(counts, 4, seed=1).double()
    picks = outcomes(counts)
    rewards = torch.rand(len(picks), generator=torch.Generator().manual_seed(2)).double()
    chances = log_chance(controller(picks), picks).exp()
    exact = gradient(chances @ rewards, controller)
    estimate = torch.zeros_like(exact)
    for chance, one, reward in zip(chances.tolist(), picks, rewards, strict=True):
        own = log_chance(controller(one[None]), one[None])
        estimate += chance * gradient(surrogate(own, reward[None], baseline), controller)
    assert exact.abs().max() > 1e-5
    torch.testing.assert_close(estimate, exact, rtol=1e-6, atol=1e-9)


def test_a_better_baseline_lowers_the_variance() -> None:
    controller = Controller((3,), 4, seed=1).double()
    picks, rewards = outcomes((3,)), torch.tensor([0.90, 0.92, 0.97]).double()
    chances = log_chance(controller(picks), picks).exp().detach()

    def variance(baseline: float) -> float:
        found = []
        for one, reward in zip(picks, rewards, strict=True):
            own = log_chance(controller(one[None]), one[None])
            found.append(gradient(surrogate(own, reward[None], baseline), controller))
        estimates = torch.stack(found)
        return float(chances @ (estimates - chances @ estimates).square().sum(1))

    assert variance(0.93) < 0.01 * variance(0)


def test_the_chances_of_all_networks_add_up_to_one() -> None:
    controller = Controller((2, 3, 1), 5, seed=0)
    picks = outcomes((2, 3, 1))
    log_chances = controller(picks)
    assert log_chance(log_chances, picks).exp().sum().item() == pytest.approx(1, abs=1e-5)
    assert log_chances[:, 0, 2].exp().max() == 0  # there is no third option


def test_networks_are_drawn_with_the_chances_of_the_controller() -> None:
    controller = Controller((2, 3), 8, seed=3)
    for weights in controller.parameters():
        weights.data.mul_(20)  # far from even
    picks, chances = controller.sample(20_000, torch.Generator().manual_seed(0))
    log_chances = controller(picks)
    torch.testing.assert_close(chances, log_chances.exp(), atol=1e-5, rtol=1e-4)
    every = outcomes((2, 3))
    expected = log_chance(controller(every), every).exp().tolist()
    found = [float((picks == one).all(1).float().mean()) for one in every]
    assert max(expected) > 2 * min(expected)
    assert found == pytest.approx(expected, abs=0.012)  # over three standard errors


def test_a_controller_finds_the_best_of_three() -> None:
    strategy = Reinforce(0, Plan(batch=4, rate=0.05), counts=(3,))
    for _ in range(400):
        number = strategy.ask()
        strategy.tell(number, (0.2, 0.9, 0.5)[number])
    assert strategy.chances[0][1] > 0.95
    assert strategy.baseline is not None
    assert 0.8 < strategy.baseline <= 0.9


def test_the_baseline_is_a_moving_mean_of_earlier_batches() -> None:
    policy = Policy(0, Plan(memory=0.5, power=1), counts=(3,))
    picks = torch.tensor([[0], [2]])
    policy.learn(picks, torch.tensor([0.2, 0.4]))
    assert policy.baseline == pytest.approx(0.3)
    policy.learn(picks, torch.tensor([0.9, 0.9]))
    assert policy.baseline == pytest.approx(0.6)


def test_the_baseline_is_said_in_the_unit_of_the_rewards() -> None:
    strategy = Reinforce(0, Plan(batch=2, power=3), counts=(3,))
    for reward in (0.4, 0.8):
        strategy.tell(strategy.ask(), reward)
    assert strategy.baseline == pytest.approx(((0.4**3 + 0.8**3) / 2) ** (1 / 3))


def test_the_seed_decides_all_and_torchs_generator_is_left_alone() -> None:
    before = torch.get_rng_state()

    def asked(seed: int) -> list[int]:
        strategy, numbers = Reinforce(seed), []
        for step in range(30):
            numbers.append(strategy.ask())
            strategy.tell(numbers[-1], step % 7 / 7)
        return numbers

    first = asked(5)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(3)
    assert asked(5) == first != asked(6)
    assert all(0 <= number < COUNT for number in first)


def test_the_chances_are_those_of_each_decision() -> None:
    strategy = Reinforce(0)
    strategy.ask()
    assert tuple(map(len, strategy.chances)) == COUNTS
    assert all(sum(own) == pytest.approx(1, abs=1e-5) for own in strategy.chances)
    assert strategy.baseline is None
