"""Pictures side by side in one picture."""

import numpy as np

from analysis.charts.wall import wall


def test_pictures_hang_in_reading_order_with_clear_gaps() -> None:
    pictures = np.stack([np.full((100, 100, 3), shade, np.uint8) for shade in (10, 20, 30)])
    hung = wall(pictures, 2)
    assert hung.shape == (204, 204, 4)
    assert [int(hung[row, column, 0]) for row, column in ((0, 0), (0, 150), (150, 0))] == [
        10, 20, 30,
    ]  # fmt: skip
    assert hung[50, 102, 3] == 0  # between two
    assert hung[150, 150, 3] == 0  # where there is no fourth
    assert hung[:100, :100, 3].min() == 255


def test_small_pictures_keep_their_pixels_as_squares_and_large_ones_are_scaled_down() -> None:
    small = np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3)
    hung = wall(small, 1)
    assert hung.shape == (96, 96, 4)
    assert (hung[:48, :48, :3] == small[0, 0, 0]).all()
    assert (hung[48:, 48:, :3] == small[0, 1, 1]).all()
    assert wall(np.zeros((1, 500, 500, 3), np.uint8), 1).shape == (192, 192, 4)
