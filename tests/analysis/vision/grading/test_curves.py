import numpy as np
import pytest
import torch
from torch import nn

from analysis.vision.grading.curves import FILLINGS, filling, insertion_deletion, order


class Sum(nn.Module):
    """Two classes: the score of the first is the sum of the weighted pixels, of the other 0."""

    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        self.weights = nn.Parameter(weights)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        score = (x * self.weights).sum(dim=(1, 2, 3))
        return torch.stack([score, torch.zeros_like(score)], dim=1)


def sigmoid(score):
    return 1 / (1 + np.exp(-score))


def test_the_curves_of_a_linear_network_by_hand():
    network = Sum(torch.tensor([[[3.0, 1.0], [-1.0, 0.0]]]))
    x, blank = torch.ones(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)
    best_first = order(np.array([[3.0, 1.0], [-1.0, 0.0]]))
    assert best_first.tolist() == [0, 1, 3, 2]
    run = insertion_deletion(network, x, best_first[None], 0, blank, steps=4)
    assert run.shares.tolist() == [0, 0.25, 0.5, 0.75, 1]
    put, taken = sigmoid(np.array([0, 3, 4, 4, 3])), sigmoid(np.array([3, 0, -1, -1, 0]))
    assert run.insertion[0] == pytest.approx(put, abs=1e-6)
    assert run.deletion[0] == pytest.approx(taken, abs=1e-6)
    # trapezes of width 1/4: half of both ends and the whole of what is between
    assert run.areas[0][0] == pytest.approx((put[[0, 4]].sum() / 2 + put[1:4].sum()) / 4)
    assert run.areas[1][0] == pytest.approx((taken[[0, 4]].sum() / 2 + taken[1:4].sum()) / 4)


def test_the_right_order_beats_the_opposite_one():
    torch.manual_seed(0)
    weights = torch.randn(1, 6, 6)
    x, blank = torch.ones(1, 1, 6, 6), torch.zeros(1, 1, 6, 6)
    right = order(weights[0].numpy())
    run = insertion_deletion(Sum(weights), x, np.stack([right, right[::-1]]), 0, blank, steps=9)
    (put, put_late), (taken, taken_late) = run.areas
    assert put > put_late
    assert taken < taken_late


def test_pixels_that_tie_come_in_a_seeded_order_and_not_by_rows():
    flat = np.zeros((8, 8))
    assert sorted(order(flat).tolist()) == list(range(64))
    assert order(flat).tolist() == order(flat).tolist() != list(range(64))
    assert order(flat, seed=1).tolist() != order(flat).tolist()


def test_steps_that_do_not_divide_the_pixels_still_move_all():
    run = insertion_deletion(
        Sum(torch.ones(1, 3, 3)),
        torch.ones(1, 1, 3, 3),
        np.arange(9)[None],
        0,
        torch.zeros(1, 1, 3, 3),
        steps=4,
    )
    assert run.insertion[0, -1] == pytest.approx(sigmoid(9.0))
    assert run.deletion[0, -1] == pytest.approx(0.5)


def test_fillings_are_what_they_are_called():
    x, absent = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)
    assert torch.equal(filling("absent", x, absent), absent)
    assert not filling("grey", x, absent).any()
    blurred = filling("blurred", x, absent)
    assert blurred.std() < x.std() / 2
    assert blurred.mean() == pytest.approx(float(x.mean()), abs=0.05)
    with pytest.raises(ValueError, match=", ".join(FILLINGS)):
        filling("black hole", x, absent)


@pytest.mark.parametrize("steps", [0, 5])
def test_steps_that_cannot_be_taken_are_refused(steps):
    x = torch.ones(1, 1, 2, 2)
    with pytest.raises(ValueError, match="from 1 to 4"):
        insertion_deletion(Sum(torch.ones(1, 2, 2)), x, np.arange(4)[None], 0, x, steps)


def test_orders_of_another_picture_are_refused():
    x = torch.ones(1, 1, 2, 2)
    with pytest.raises(ValueError, match=r"Orders are \(M, 4\)"):
        insertion_deletion(Sum(torch.ones(1, 2, 2)), x, np.arange(9)[None], 0, x)
