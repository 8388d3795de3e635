import numpy as np
import pytest

from analysis.vision.attribution import AttributionMap
from analysis.vision.overlay import DIVERGING, SEQUENTIAL, colours, overlay, scale_limit


def signed(*values: float) -> AttributionMap:
    return AttributionMap(np.array([values], dtype=np.float32), "occlusion", signed=True)


def unsigned(*values: float) -> AttributionMap:
    return AttributionMap(np.array([values], dtype=np.float32), "saliency", signed=False)


def test_a_signed_scale_is_blue_white_red_and_symmetric():
    shown = colours(signed(-2, -1, 0, 1, 2), limit=2)[0]
    assert [tuple(c) for c in shown.tolist()] == list(DIVERGING)
    blue, red = shown[1], shown[3]
    assert blue[2] > blue[0]
    assert red[0] > red[2]
    assert shown[2].tolist() == [255, 255, 255]


def test_an_unsigned_scale_runs_from_dark_to_bright():
    shown = colours(unsigned(0, 1, 2, 3, 4), limit=4)[0]
    assert [tuple(c) for c in shown.tolist()] == list(SEQUENTIAL)
    assert (np.diff(shown.sum(axis=1).astype(int)) > 0).all()


def test_values_beyond_the_limit_keep_the_last_colour():
    assert colours(signed(-9, 9), limit=1)[0].tolist() == [list(DIVERGING[0]), list(DIVERGING[-1])]
    assert colours(unsigned(9), limit=1)[0, 0].tolist() == list(SEQUENTIAL[-1])


def test_a_map_of_nothing_is_white_or_dark():
    assert colours(signed(0, 0)).tolist() == [[[255] * 3] * 2]
    assert colours(unsigned(0))[0, 0].tolist() == list(SEQUENTIAL[0])


def test_a_shared_limit_is_the_largest_and_one_glaring_pixel_does_not_set_it():
    assert scale_limit([signed(-3, -3), signed(1, 1), unsigned(2, 2)]) == 3
    assert scale_limit([signed(0, 0)]) == 1
    assert scale_limit([unsigned(1e6, *[1.0] * 9999)]) == pytest.approx(1)


def test_strength_mixes_picture_and_map():
    picture = np.array([[100, 200]], dtype=np.uint8)
    found = signed(0, 1)
    assert overlay(picture, found, 0, limit=1).tolist() == [[[100] * 3, [200] * 3]]
    assert overlay(picture, found, 1, limit=1).tolist() == [[[255] * 3, list(DIVERGING[-1])]]
    half = overlay(picture, found, 0.5, limit=1)
    assert half.dtype == np.uint8
    assert half[0, 0].tolist() == [178] * 3  # (100 + 255) / 2 to the even number


def test_colour_and_fractions_become_the_same_grey():
    found = unsigned(0)
    colour = np.array([[[255, 0, 0]]], dtype=np.uint8)
    assert overlay(colour, found, 0)[0, 0].tolist() == [76] * 3  # 0.299 * 255
    assert overlay(np.array([[0.5]]), found, 0)[0, 0].tolist() == [128] * 3


@pytest.mark.parametrize("strength", [-0.1, 1.1])
def test_a_strength_out_of_range_is_refused(strength):
    with pytest.raises(ValueError, match="strength"):
        overlay(np.zeros((1, 1)), unsigned(0), strength)


def test_sizes_must_agree():
    with pytest.raises(ValueError, match=r"\(2, 2\).*\(1, 1\)"):
        overlay(np.zeros((2, 2)), unsigned(0))
