"""Rounding of channels, at the numbers where it turns."""

import pytest

from cnn_models.blocks.channels import multiple_of, multiple_of_8


@pytest.mark.parametrize(
    ("channels", "rounded"),
    [
        (1, 8),
        (8, 8),
        (11.2, 16),
        (22.4, 24),
        (33.6, 32),
        (44.8, 48),
        (83, 80),
        (84, 88),
        (89.6, 88),
    ],
)
def test_channels_go_to_the_nearest_multiple_of_8(channels, rounded):
    assert multiple_of_8(channels) == rounded


@pytest.mark.parametrize("divisor", [1, 3, 8, 16])
def test_never_more_than_a_tenth_is_lost_nor_more_than_a_step_gained(divisor):
    for channels in range(1, 200):
        rounded = multiple_of(divisor, channels)
        assert rounded % divisor == 0
        assert 0.9 * channels <= rounded <= channels + divisor
