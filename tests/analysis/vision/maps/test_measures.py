import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from analysis.vision.maps.measures import agreement, held_by_top, ninth, peak
from tests.analysis.vision.maps.grids import of, spot


def test_what_the_top_holds_is_a_sum_by_hand():
    ten = of([[-8, 1, 1, 1, 1], [1, 1, 1, 1, 0]])
    assert held_by_top(ten) == pytest.approx(8 / 16)  # one pixel of ten, by its magnitude
    assert held_by_top(ten, 0.3) == pytest.approx(10 / 16)


def test_an_even_map_holds_a_tenth_in_a_tenth_and_a_zero_map_nothing():
    assert held_by_top(of(np.full((20, 30), -0.5))) == pytest.approx(0.1)
    assert held_by_top(of(np.zeros((4, 4)))) is None


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [(0, 0, "upper left"), (4, 4, "centre"), (3, 8, "middle right"), (8, 5, "lower middle")],
)
def test_the_peak_lies_in_a_ninth(row, column, where):
    assert peak(spot(row, column, value=-3)) == (row, column)
    assert ninth(spot(row, column)) == where


def test_a_zero_map_has_no_peak():
    assert peak(of([[0.0]])) is None
    assert ninth(of([[0.0]])) is None


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_agreement_is_spearmans_of_magnitudes(seed):
    drawn = np.random.default_rng(seed).integers(-4, 5, (3, 6, 5))  # with many ties
    expected = spearmanr(np.abs(drawn).reshape(3, -1), axis=1).statistic
    np.testing.assert_allclose(agreement([of(values) for values in drawn]), expected, atol=1e-6)


def test_agreement_knows_the_order_alone():
    first = of([[1, 2], [3, 4]])
    found = agreement([first, of([[1, 40], [900, 1e4]]), of([[4, 3], [2, 1]])])
    np.testing.assert_allclose(found[0], [1, 1, -1])


def test_maps_of_two_sizes_meet_at_the_smaller_by_averages():
    small = of([[1, 2], [3, 4]])
    large = of([[9, 0, 1, 1], [0, 0, 1, 1], [3, 3, 5, 0], [3, 3, 0, 0]])  # averages 2.25 1 3 1.25
    expected = spearmanr([1, 2, 3, 4], [2.25, 1, 3, 1.25]).statistic
    assert agreement([small, large])[0, 1] == pytest.approx(expected)


def test_an_even_map_agrees_with_nothing():
    assert np.isnan(agreement([of([[1, 1]]), of([[1, 2]])])[0, 1])
