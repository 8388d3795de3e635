"""Lines with their ranges."""

from typing import Any

import numpy as np

from analysis.charts.bands import Band, bands


def test_a_logarithmic_axis_has_whole_powers_and_leaves_out_zeros() -> None:
    line = Band("a", [1, 2, 3], [1e-40, 0, 1e8], "#3f74e0", [1e-41, 0, 1e7], [1e-39, 0, 1e9])
    fig = bands([line], "x", "y", log_y=True)
    traces: Any = fig.data
    area, drawn = traces
    assert len(area.x) == 4  # two places, there and back
    assert np.isnan(drawn.y[1])
    ticks = np.log10(fig.layout.yaxis.tickvals)
    np.testing.assert_allclose(ticks, np.round(ticks))
    assert 3 <= len(ticks) <= 8
    assert fig.layout.yaxis.ticktext[0] == "10<sup>−40</sup>"
    assert area.fillcolor == "rgba(63,116,224,0.18)"


def test_percent_crosses_and_styles() -> None:
    lines = [
        Band("a", [1, 2], [0.5, 0.25], "#3f74e0", style="dots", marked=[1]),
        Band("b", [1, 2], [0.5, 0.25], "#3f74e0", style="circles"),
        Band("c", [1, 2], [0.5, 0.25], "#3f74e0", [0.4, 0.2], [0.6, 0.3], style="range"),
    ]
    traces: Any = bands(lines, "x", "y", percent=True).data
    area, dots, circles = traces
    assert list(dots.y) == [50, 25]
    assert list(dots.marker.symbol) == ["circle", "x"]
    assert (circles.mode, circles.showlegend) == ("markers", False)
    assert max(area.y) == 60
