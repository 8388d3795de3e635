"""Temperature, reliability and calibration error, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.vision.predicting import calibration
from analysis.vision.predicting.calibration import (
    best_temperature,
    negative_log_likelihood,
    reliability,
    softened,
)


def test_a_temperature_by_hand() -> None:
    """exp(z / 2) of ln 16 and ln 1 is 4 and 1."""
    scores = np.log([[16.0, 1.0]])
    np.testing.assert_allclose(softened(scores, 1), [[16 / 17, 1 / 17]])
    np.testing.assert_allclose(softened(scores, 2), [[4 / 5, 1 / 5]])
    np.testing.assert_allclose(softened(scores, 1e9), [[1 / 2, 1 / 2]])


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=9), st.floats(0.05, 20))
def test_a_temperature_adds_up_and_keeps_the_order(scores: list[float], temperature: float) -> None:
    shares = softened(np.array(scores), temperature)
    assert shares.sum() == pytest.approx(1)
    assert (np.diff(shares[np.argsort(scores)]) >= 0).all()


@pytest.mark.parametrize("temperature", [0, -1, float("nan")])
def test_no_temperature_at_or_below_zero(temperature: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        softened(np.zeros(3), temperature)


def test_a_perfectly_calibrated_set_has_no_error() -> None:
    """Ten images at 75%... and four at 100%: three of four, and all, are right."""
    shares = np.array([[0.75, 0.25]] * 8 + [[1.0, 0.0]] * 4)
    labels = np.array([0, 0, 0, 1] * 2 + [0] * 4)
    found = reliability(shares, labels)
    assert found.error == pytest.approx(0)
    assert found.counts.tolist() == [0] * 7 + [8, 0, 4]
    assert found.accuracy[7] == found.confidence[7] == 0.75


def test_the_calibration_error_by_hand() -> None:
    """Four at 0.9, two of them right; two at 0.6, both right: 4/6 · 0.4 + 2/6 · 0.4."""
    shares = np.array([[0.9, 0.1]] * 4 + [[0.4, 0.6]] * 2)
    labels = np.array([0, 0, 1, 1, 1, 1])
    found = reliability(shares, labels)
    assert found.error == pytest.approx(0.4)
    assert found.mean_confidence == pytest.approx((4 * 0.9 + 2 * 0.6) / 6)
    assert found.mean_accuracy == pytest.approx(4 / 6)
    # half of 0.9 in one bin would hide that 0.9 is too much and 0.6 too little
    assert reliability(shares, labels, bins=1).error == pytest.approx(0.8 - 4 / 6)


def test_a_bin_holds_its_upper_end() -> None:
    """Guo et al.: bin m is ((m - 1) / M, m / M]."""
    found = reliability(np.array([[0.5, 0.5], [0.51, 0.49]]), np.array([0, 0]))
    assert found.counts[4:6].tolist() == [1, 1]


def test_labels_have_to_fit() -> None:
    with pytest.raises(ValueError, match="one each"):
        reliability(np.ones((2, 1)), np.array([0]))
    with pytest.raises(ValueError, match="0 images"):
        reliability(np.ones((0, 1)), np.array([], dtype=int))


def test_the_best_temperature_repairs_scores_that_were_multiplied() -> None:
    """Three of four are right at a margin of ln 3: T = 1. Five times the scores need T = 5."""
    scores = np.log([[3.0, 1.0]] * 4)
    labels = np.array([0, 0, 0, 1])
    assert negative_log_likelihood(scores, labels, 1) == pytest.approx(
        -(3 * np.log(3 / 4) + np.log(1 / 4)) / 4
    )
    assert best_temperature(scores, labels) == pytest.approx(1, rel=1e-3)
    assert best_temperature(5 * scores, labels) == pytest.approx(5, rel=1e-3)
    before, after = (reliability(softened(5 * scores, t), labels) for t in (1, 5))
    assert after.error == pytest.approx(0, abs=1e-3)
    assert before.error > 0.2


def test_sentences_say_what_is_the_matter() -> None:
    shares = np.array([[0.9, 0.1]] * 4)
    half, all_ = (reliability(shares, np.array(labels)) for labels in ([0, 0, 1, 1], [0] * 4))
    assert "sure by 90.0% on average and right on 50.0% of 4 images: too sure" in (
        calibration.notice("A", half)
    )
    assert "not sure enough" in calibration.notice("A", all_)
    assert "no best temperature" in calibration.repaired(all_, all_, 0.05)
    assert "from 40.0% to 10.0%" in calibration.repaired(half, all_, 2.0)
