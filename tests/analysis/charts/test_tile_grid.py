"""Grids of tiles: where each picture stands, and what a click on it says."""

from typing import Any

import numpy as np

from analysis.charts.climb import climb
from analysis.charts.tile_grid import tile_grid
from analysis.vision.features.maps import Maps
from analysis.vision.features.tiles import legend, of_filters, of_maps


def test_each_tile_has_a_picture_a_head_and_a_target_over_it() -> None:
    pictures = [np.full((4, 4, 3), n, dtype=np.uint8) for n in range(5)]
    fig = tile_grid(pictures, [f"no {n}" for n in range(5)], [10, 11, 12, 13, 14], 13, columns=3)
    bars: Any = fig.data[0]
    layout: Any = fig.layout
    assert [data[0] for data in bars.customdata] == [10, 11, 12, 13, 14]
    assert [note.text for note in layout.annotations] == [f"no {n}" for n in range(5)]
    assert list(bars.marker.line.width) == [0, 0, 0, 3, 0]
    for at, image in enumerate(layout.images):
        left, right = bars.x[at] - bars.width / 2, bars.x[at] + bars.width / 2
        top, bottom = bars.base[at], bars.base[at] + bars.y[at]
        assert left < image.x - image.sizex / 2
        assert image.x + image.sizex / 2 < right
        assert top < image.y
        assert image.y + image.sizey < bottom
    assert layout.images[3].x == 0.5  # first of the second row
    assert layout.images[3].y > layout.images[0].y
    assert layout.yaxis.range[0] >= bars.base[-1] + bars.y[-1]


def test_filters_share_one_symmetric_scale() -> None:
    weights = np.zeros((2, 3, 1, 2))
    weights[0, 0, 0] = [2.0, -2.0]
    weights[1, 2, 0, 0] = 1.0
    first, second = of_filters(weights)
    assert first[0].tolist() == [[255, 128, 128], [0, 128, 128]]
    assert second[0].tolist() == [[128, 128, 191], [128, 128, 128]]
    one = of_filters(np.array([-1.0, 0.0, 1.0]).reshape(1, 1, 1, 3))[0][0]
    assert one[1].tolist() == [255, 255, 255]
    assert one[0, 2] > one[0, 0]  # blue below
    assert one[2, 0] > one[2, 2]  # red above


def maps(least: float) -> Maps:
    shown = np.stack([np.full((4, 4), 8.0), np.full((4, 4), 2.0)])
    return Maps("mean", np.ones(2), np.ones(2), (4, 4), (0, 1), shown, least, 8.0)


def test_maps_share_a_scale_or_have_their_own() -> None:
    shared, own = of_maps(maps(0.0)), of_maps(maps(0.0), one_scale=False)
    assert (shared[0] == own[0]).all()
    assert (shared[1] != own[1]).any()
    assert (own[1] == own[0]).all()
    assert "yellow most" in legend(maps(0.0), one_scale=True)
    assert "blue negative; each map on its own scale" in legend(maps(-1.0), one_scale=False)


def test_the_climb_has_a_value_a_step_and_both_levels() -> None:
    fig = climb([1.0, 2.0, 4.0], 3.0, 0.5, "#3f74e0")
    line: Any = fig.data[0]
    assert list(line.y) == [1, 2, 4]
    layout: Any = fig.layout
    assert sorted(shape.y0 for shape in layout.shapes) == [0.5, 3.0]
