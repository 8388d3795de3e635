import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.vision.grading.truth import inside, pointing, target_area, tolerance

MASK = np.zeros((8, 8), bool)
MASK[2:5, 3:6] = True  # 9 of 64 pixels


def test_a_map_that_is_the_mask_is_right_and_its_opposite_wrong():
    right, wrong = MASK.astype(np.float32), (~MASK).astype(np.float32)
    assert (pointing(right, MASK, 0), inside(right, MASK)) == (1, 1)
    assert (pointing(wrong, MASK, 0), inside(wrong, MASK)) == (0, 0)


@pytest.mark.parametrize("value", [0.0, 1.0, -2.0])
def test_a_map_that_is_the_same_everywhere_gets_the_share_of_the_mask(value):
    flat = np.full((8, 8), value, np.float32)
    assert pointing(flat, MASK, 0) == pytest.approx(9 / 64)
    assert inside(flat, MASK) == pytest.approx(9 / 64)


def test_what_speaks_against_the_class_does_not_count():
    values = np.where(MASK, -5.0, 0.0)
    values[2, 3], values[0, 0] = 3.0, 1.0  # inside and outside
    assert inside(values, MASK) == pytest.approx(3 / 4)


@given(shift=st.integers(0, 5))
def test_a_peak_beside_the_object_hits_within_the_tolerance(shift):
    values = np.zeros((20, 20))
    mask = np.zeros((20, 20), bool)
    mask[5:10, 5:10] = True
    values[9 + shift, 7] = 1.0
    assert pointing(values, mask, 2) == float(shift <= 2)
    assert pointing(values, mask, 0) == float(shift == 0)


def test_equal_peaks_count_in_parts():
    values = np.zeros((8, 8))
    values[2, 3] = values[0, 0] = values[7, 7] = 1.0
    assert pointing(values, MASK, 0) == pytest.approx(1 / 3)


def test_the_tolerance_is_that_of_the_paper_in_proportion():
    assert [tolerance(side) for side in (500, 224, 64, 32)] == [15, 7, 2, 1]
    assert target_area(MASK, 1).sum() == 25  # 3 × 3 grows to 5 × 5


def test_a_map_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"map is \(4, 4\) and the mask \(8, 8\)"):
        inside(np.zeros((4, 4)), MASK)
