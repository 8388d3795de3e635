"""Blocks of any width as bars and as columns of one height."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.vision.gates.places import Gate
from analysis.vision.gates.profile import MOST_BARS, ROWS, over_depth, profile
from analysis.vision.gates.reading import Reading


def of_width(width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(width).astype(np.float32)


@given(st.lists(st.integers(1, 2100), min_size=1, max_size=4))
def test_columns_keep_the_mean_of_their_block_and_go_down(widths: list[int]) -> None:
    readings = [
        Reading(Gate("se", w, 1, "sigmoid"), of_width(w)[None], of_width(w)[None]) for w in widths
    ]
    values = over_depth(readings)
    assert values.shape == (ROWS, len(widths))
    np.testing.assert_allclose(values.mean(0), [of_width(w).mean() for w in widths], rtol=1e-5)
    assert (np.diff(values, axis=0) < 1e-9).all()


@pytest.mark.parametrize("width", [16, 64, 128])
def test_a_width_that_fits_shows_every_channel_or_the_mean_of_neighbours(width: int) -> None:
    reading = Reading(Gate("se", width, 1, "sigmoid"), of_width(width)[None], of_width(width)[None])
    (column,) = over_depth([reading]).T
    down = np.sort(of_width(width))[::-1]
    expected = down.repeat(ROWS // width) if width <= ROWS else down.reshape(ROWS, -1).mean(1)
    np.testing.assert_allclose(column, expected, rtol=1e-5)


def test_bars_of_a_narrow_block_are_its_channels() -> None:
    first, second = np.array([0.2, 0.9, 0.5]), np.array([0.1, 0.3, 0.7])
    down = profile(first, second, strongest_first=True)
    assert down.second is not None
    assert (down.first.tolist(), down.second.tolist()) == ([0.9, 0.5, 0.2], [0.3, 0.7, 0.1])
    assert [part.tolist() for part in down.channels] == [[1], [2], [0]]
    assert profile(first, None, strongest_first=False).first.tolist() == first.tolist()


def test_bars_of_a_wide_block_are_means_over_all_its_channels() -> None:
    scale = of_width(2048)
    bars = profile(scale, scale[::-1], strongest_first=True)
    assert (len(bars.first), bars.per_bar) == (MOST_BARS, 16)
    assert sorted(np.concatenate(bars.channels)) == list(range(2048))
    assert bars.first.mean() == pytest.approx(scale.mean(), rel=1e-5)
    assert bars.second is not None
    assert bars.second[0] == pytest.approx(scale[::-1][bars.channels[0]].mean())
