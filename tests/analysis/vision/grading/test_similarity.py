import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from analysis.vision.grading import intervals
from analysis.vision.grading.similarity import rank_correlation, ssim


def maps(seed):
    return np.random.default_rng(seed).standard_normal((12, 12)).astype(np.float32)


@given(st.integers(0, 50))
def test_the_rank_correlation_is_scipys(seed):
    one, other = maps(seed), np.round(maps(seed + 1))  # with ties
    expected, _ = spearmanr(np.abs(one).ravel(), np.abs(other).ravel())
    assert rank_correlation(one, other) == pytest.approx(expected, abs=1e-9)


def test_a_map_is_like_itself_with_the_other_sign_and_scale():
    assert rank_correlation(maps(0), -3 * maps(0)) == pytest.approx(1)
    assert ssim(maps(0), -3 * maps(0)) == pytest.approx(1)


def test_unlike_maps_are_not():
    assert abs(rank_correlation(maps(0), maps(1))) < 0.3
    assert ssim(maps(0), maps(1)) < 0.5


def test_a_map_without_any_difference_is_like_nothing():
    assert rank_correlation(np.zeros((4, 4)), np.ones((4, 4))) == 0
    assert np.isfinite(ssim(np.zeros((4, 4)), np.ones((4, 4))))


def test_the_structural_similarity_of_flat_maps_by_hand():
    # scaled to 1, a flat map has no variance: (2·1·0 + C1) / (1 + 0 + C1) with C1 = 0.01²
    assert ssim(np.ones((9, 9)), np.zeros((9, 9))) == pytest.approx(1e-4 / (1 + 1e-4))


def test_wilsons_interval_of_eight_hits_in_ten():
    # statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson")
    found = intervals.share([1] * 8 + [0] * 2)
    assert found.mean == pytest.approx(0.8)
    assert (found.low, found.high) == pytest.approx((0.49016, 0.94331), abs=1e-5)


def test_students_interval_by_hand():
    found = intervals.mean([0.2, 0.4, 0.6])  # s = 0.2, t(0.975, 2) = 4.30265
    assert found.low == 0  # 0.4 - 4.30265 · 0.2 / √3 = -0.0968 is less than can be
    assert found.high == pytest.approx(0.4 + 4.30265 * 0.2 / 3**0.5, abs=1e-5)
    assert intervals.mean([0.3]) == (0.3, 0.3, 0.3, 1)
    assert np.isnan(intervals.mean([]).mean)
    assert np.isnan(intervals.share([]).low)
