import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from analysis.vision.digit import NoInk, place_ink


def box(ink: np.ndarray) -> tuple[int, int]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def test_a_full_rectangle_lands_in_the_middle():
    ink = np.zeros((100, 60))
    ink[30:70, 40:50] = 1  # 40 x 10 becomes 20 x 5
    placed = place_ink(ink)
    expected = np.zeros((32, 32))
    expected[6:26, 14:19] = 1  # rows 15.5 ± 10; five columns cannot stand exactly in the middle
    shifted = np.roll(expected, -1, axis=1)
    assert np.allclose(placed, expected) or np.allclose(placed, shifted)


@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    top=st.integers(0, 20),
    left=st.integers(0, 20),
)
def test_size_and_place_of_a_bar_do_not_depend_on_where_it_was(height, width, top, left):
    ink = np.zeros((120, 120))
    ink[top : top + height, left : left + width] = 1
    placed = place_ink(ink)
    assert placed.shape == (32, 32)
    assert placed.dtype == np.float32
    assert max(box(placed)) == 20
    rows, columns = np.indices(placed.shape)
    assert abs((rows * placed).sum() / placed.sum() - 15.5) <= 0.5
    assert abs((columns * placed).sum() / placed.sum() - 15.5) <= 0.5


def test_every_scikit_learn_digit_keeps_its_proportions():
    pixels, _ = load_digits(return_X_y=True)
    for row in np.asarray(pixels)[:300]:
        placed = place_ink(row.reshape(8, 8) / 16)
        assert 0 <= placed.min() <= placed.max() <= 1
        assert max(box(placed > 0.1)) in (19, 20)
        rows, columns = np.indices(placed.shape)
        assert abs((rows * placed).sum() / placed.sum() - 15.5) <= 0.501
        assert abs((columns * placed).sum() / placed.sum() - 15.5) <= 0.501


def test_a_digit_with_its_weight_at_one_end_stays_inside():
    ink = np.full((100, 100), 0.101)
    ink[:2] = 1
    ink[2:] = 0.11
    assert box(place_ink(ink) > 0.05) == (20, 20)


def test_a_single_pixel_becomes_a_full_square():
    assert place_ink(np.ones((1, 1))).sum() == pytest.approx(400)


@pytest.mark.parametrize("shape", [(8, 8), (1, 1)])
def test_no_ink_is_said(shape):
    with pytest.raises(NoInk, match="no ink"):
        place_ink(np.zeros(shape))


@pytest.mark.parametrize("ink", [np.ones(8), np.ones((0, 8)), np.full((4, 4), np.nan)])
def test_what_is_not_a_picture_is_refused(ink):
    with pytest.raises(ValueError, match="array of finite numbers"):
        place_ink(ink)
