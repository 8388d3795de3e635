import numpy as np
import pytest

from analysis.vision.maps.scales import as_shown, limits, said
from tests.analysis.vision.maps.grids import of

MAPS = {
    ("vgg16", "saliency"): of([[0, 0.5]], "saliency", signed=False),
    ("alexnet", "saliency"): of([[0.25, 0.25]], "saliency", signed=False),
    ("vgg16", "occlusion"): of([[-8, -8]]),
    ("alexnet", "occlusion"): of([[0.5, 0.5]]),
}


@pytest.mark.parametrize(
    ("scale", "ends"),
    [
        ("method", [0.4975, 0.4975, 8, 8]),  # the 99.5th percentile of 0 and 0.5
        ("all", [8, 8, 8, 8]),
        ("map", [0.4975, 0.25, 8, 0.5]),
    ],
)
def test_who_shares_a_scale(scale, ends):
    assert list(limits(MAPS, scale).values()) == pytest.approx(ends)


def test_the_sentence_names_the_ends_and_the_pale_maps():
    by_method = said(MAPS, limits(MAPS, "method"), "method")
    assert "0.498 for Saliency and 8 for Occlusion." in by_method
    assert "10% of that is reached by Occlusion of AlexNet;" in by_method  # 0.5 of 8
    assert "Saliency of" not in by_method  # 0.25 of 0.5 is half
    assert "end at 8." in said(MAPS, limits(MAPS, "all"), "all")
    assert "reached" not in said(MAPS, limits(MAPS, "map"), "map")


def test_a_zero_map_is_not_called_pale():
    zero = {("vgg16", "occlusion"): of([[0, 0]]), ("alexnet", "occlusion"): of([[1, 1]])}
    assert "reached" not in said(zero, limits(zero, "method"), "method")


def test_absolute_maps_have_no_sign_and_keep_what_they_are_off_by():
    found = as_shown(of([[-2, 1]], delta=0.1), "absolute")
    assert found.values.tolist() == [[2, 1]]
    assert (found.signed, found.delta) == (False, 0.1)
    unsigned = of([[2, 1]], signed=False)
    assert as_shown(unsigned, "absolute") is unsigned
    signed = of([[-2, 1]])
    assert as_shown(signed, "signed") is signed
    assert np.array_equal(signed.values, [[-2, 1]])
