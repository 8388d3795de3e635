import numpy as np

from analysis.vision.maps.notice import crop_of, notice
from analysis.vision.voices import voice
from tests.analysis.vision.maps.grids import of, spot

UP = np.arange(1, 82).reshape(9, 9)  # ranks from the upper left to the lower right
SAME = {"vgg16": 1, "alexnet": 1}


def test_one_map_is_described():
    first, second = notice({("vgg16", "occlusion"): spot(0, 8)}, SAME)
    assert "**100.0%** of the attribution in Occlusion of VGG-16" in first
    assert second == "The strongest pixel lies at the upper right of the picture."


def test_a_grid_names_the_extremes_and_quotes_them():
    maps = {
        ("vgg16", "saliency"): of(UP, "saliency", signed=False),
        ("vgg16", "occlusion"): of(-UP[::-1, ::-1]),
        ("alexnet", "saliency"): of(UP**2, "saliency", signed=False),
        ("alexnet", "occlusion"): of(UP),
    }
    held, where, methods, networks = notice(maps, SAME)
    # 8 of 81 pixels: 48,092 of 180,441 in squares, 620 of 3,321 without
    assert "**26.7%** of the attribution in Saliency of AlexNet" in held
    assert "**18.7%** in" in held
    assert "lower right of the picture in 3 of 4 maps" in where
    assert "Saliency and Occlusion of AlexNet agree most" in methods
    assert "**1.00**" in methods
    assert "of VGG-16 (D) least, with **-1.00**" in methods
    assert "the Saliency maps of VGG-16 (D) and AlexNet agree most, with **1.00**" in networks
    assert "the Occlusion maps of VGG-16 (D) and AlexNet least, with **-1.00**" in networks


def test_networks_that_get_other_crops_are_not_compared():
    maps = {("vgg16", "occlusion"): spot(0, 0), ("alexnet", "occlusion"): spot(0, 0)}
    said = notice(maps, {"vgg16": 1, "alexnet": 2})
    assert "different parts of the picture" in said[-1]


def test_zero_maps_are_left_out():
    assert notice({("vgg16", "occlusion"): of(np.zeros((3, 3)))}, SAME) == []


def test_crops_are_equal_at_any_size():
    crops = [crop_of(voice(key)) for key in ("cifar_resnet20", "mobilenet_v1_x0_25")]
    assert crops[0] == crops[1]  # the whole picture at 32 and at 64 pixels
    assert crop_of(voice("lenet5_modern")) != crops[0]
