import pytest

from analysis.vision.maps.table import table
from tests.analysis.vision.maps.grids import of


def test_one_row_a_map_with_what_is_measured():
    maps = {
        ("vgg16", "integrated_gradients"): of([[1, -3], [0.5, 0]], delta=-0.25),
        ("vgg16", "grad_cam"): of([[0, 0], [0, 0]], signed=False, layer="stage5"),
    }
    first, second = table(maps).to_dict("records")
    assert (first["network"], first["method"]) == ("VGG-16 (D)", "Integrated gradients")
    assert (first["largest"], first["row"], first["column"]) == (-3, 0, 1)
    assert first["sum"] == -1.5
    assert first["off by"] == -0.25
    assert first["tenth"] == pytest.approx(100 * 3 / 4.5)
    assert second["layer"] == "stage5"
    assert second["largest"] == 0
