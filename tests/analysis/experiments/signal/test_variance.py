"""The variance through the layers: what the rules keep, and the formula beside it."""

import numpy as np
import pytest
import torch

from analysis.experiments.signal import variance
from analysis.experiments.signal.starts import STARTS
from analysis.experiments.signal.variance import FUNCTIONS, Plan

DEEP = Plan(layers=30, width=128, draws=512, images=2)


def kept(start: str, draws: int) -> float:
    """By how much the mean variance behind layer 30 differs from that behind layer 1."""
    found = np.vstack(
        [
            variance.variances(STARTS[start], FUNCTIONS["relu"], DEEP, 0, first)
            for first in range(0, draws, 8)
        ]
    ).mean(0)
    return found[-1] / found[0]


def test_he_keeps_the_variance_over_30_layers() -> None:
    assert kept("he", 512) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("start", "a_layer"), [("xavier", 0.5), ("orthogonal", 0.5)])
def test_others_halve_it_in_each_layer(start: str, a_layer: float) -> None:
    assert kept(start, 32) == pytest.approx(a_layer**29, rel=0.6)


def test_small_weights_lose_it_and_the_root_blows_it_up() -> None:
    assert kept("small", 8) == pytest.approx((128 * 1e-4 / 2) ** 29, rel=0.9)
    assert kept("he_root", 8) > 1e25
    assert not variance.variances(STARTS["zeros"], FUNCTIONS["relu"], DEEP, 0, 0).any()


def test_formula_by_hand() -> None:
    def by_formula(start: str, function: str) -> list[float]:
        return variance.predicted(STARTS[start], FUNCTIONS[function], 3, 50).tolist()

    assert by_formula("he", "relu") == pytest.approx([2, 2, 2])
    assert by_formula("he", "none") == pytest.approx([2, 4, 8])
    assert by_formula("xavier", "relu") == pytest.approx([1, 1 / 2, 1 / 4])
    assert by_formula("orthogonal", "none") == pytest.approx([1, 1, 1])
    assert by_formula("small", "relu") == pytest.approx([5e-3, 1.25e-5, 3.125e-8])


def test_mean_square_of_tanh_is_that_of_samples() -> None:
    x = torch.randn(400_000, generator=torch.Generator().manual_seed(0)) * 1.3
    sampled = float(x.tanh().square().mean())
    assert FUNCTIONS["tanh"].mean_square(1.3**2) == pytest.approx(sampled, rel=0.005)


def test_every_layer_follows_the_formula_for_every_function() -> None:
    plan = Plan(layers=3, width=128, draws=24, images=2)
    rows = variance.over_seeds(variance.measure(plan, 0))
    alive = rows[rows["start"] != "zeros"]
    assert len(rows) == len(STARTS) * len(FUNCTIONS) * 3
    np.testing.assert_allclose(alive["mean"], alive["formula"], rtol=0.2)
    low, mean, high = (np.asarray(alive[column]) for column in ("low", "mean", "high"))
    assert (low <= mean).all()
    assert (mean <= high).all()


def test_the_sentence_names_the_rule_that_keeps_most() -> None:
    rows = variance.over_seeds(
        variance.measure(Plan(layers=6, width=64, draws=8, functions=("relu",)), 0)
    )
    said = variance.sentence(rows, "relu")
    assert said.startswith("From layer 1 to layer 6 **He** multiplies the variance by")
    assert "by the formula it is 1." in said
    assert "Xavier by 0.0" in said
