import numpy as np
import pytest
import torch
from PIL import Image

from analysis.vision.preprocess import prepare
from cnn_models.spec import Preprocessing


def recipe(resize: int, crop: int, interpolation="bilinear", mean=(0.0,) * 3, std=(1.0,) * 3):
    return Preprocessing(resize, crop, interpolation, mean, std)


def column(*shades: int, width: int = 1) -> Image.Image:
    rows = np.array([[[s, s, s]] * width for s in shades], dtype=np.uint8)
    return Image.fromarray(rows)


def test_mean_and_standard_deviation_by_hand():
    image = Image.new("RGB", (4, 4), (255, 102, 0))
    prepared = prepare(image, recipe(4, 2, mean=(0.5, 0.2, 0.1), std=(0.25, 0.1, 0.5)))
    # (1.0 - 0.5) / 0.25, (0.4 - 0.2) / 0.1, (0.0 - 0.1) / 0.5
    expected = torch.tensor([2.0, 2.0, -0.2]).reshape(1, 3, 1, 1).expand(1, 3, 2, 2)
    assert prepared.tensor.shape == (1, 3, 2, 2)
    assert prepared.tensor.dtype == torch.float32
    torch.testing.assert_close(prepared.tensor, expected)
    assert np.array_equal(prepared.normalised, prepared.tensor[0].numpy())


def test_bilinear_reduction_averages_with_a_triangle():
    # Halving: the triangle reaches 2 old pixels either way of the new pixel's centre. Weights of
    # the first new pixel on old pixels 0, 1, 2 are 0.75, 0.75, 0.25 (pixel -1 is outside), so
    # its value is (0 * 0.75 + 0 * 0.75 + 210 * 0.25) / 1.75 = 30.
    image = column(0, 0, 210, 210, width=4)
    prepared = prepare(image, recipe(2, 2))
    assert prepared.resized[:, 0, 0].tolist() == [30, 180]


def test_bicubic_differs_from_bilinear_and_nearest_copies():
    image = column(0, 0, 210, 210, width=4)
    by_filter = {
        name: prepare(image, recipe(2, 2, name)).resized[:, 0, 0].tolist()
        for name in ("nearest", "bilinear", "bicubic")
    }
    assert by_filter["nearest"] in ([0, 210], [0, 0])
    assert by_filter["bicubic"][0] < by_filter["bilinear"][0]


@pytest.mark.parametrize(
    ("size", "resize", "resized"),
    [
        ((500, 375), 256, (256, 341)),  # 256 * 500 / 375 = 341.33
        ((375, 500), 256, (341, 256)),
        ((640, 427), 256, (256, 383)),  # 383.7 is cut to 383
        ((256, 300), 256, (300, 256)),  # the shorter side fits already: nothing is resampled
        ((10, 10), 235, (235, 235)),
        ((1, 1), 8, (8, 8)),
    ],
)
def test_the_shorter_side_is_resized_and_the_longer_cut_to_a_whole_number(size, resize, resized):
    prepared = prepare(Image.new("RGB", size), recipe(resize, min(resize, 224)))
    assert prepared.resized.shape == (*resized, 3)
    assert prepared.tensor.shape[2:] == (min(resize, 224),) * 2


@pytest.mark.parametrize(
    ("height", "crop", "first"),
    # torchvision: int(round((h - crop) / 2)), Python rounds halves to the even number
    [(6, 4, 1), (7, 4, 2), (9, 4, 2), (5, 4, 0)],
)
def test_the_crop_is_from_the_centre(height, crop, first):
    image = column(*range(0, 10 * height, 10), width=4)
    prepared = prepare(image, recipe(4, crop))
    assert prepared.cropped[:, 0, 0].tolist() == [10 * (first + i) for i in range(crop)]


def test_a_crop_larger_than_the_picture_is_black_around():
    prepared = prepare(Image.new("RGB", (2, 2), "white"), recipe(2, 4))
    assert prepared.cropped[:, 1, 0].tolist() == [0, 255, 255, 0]


def test_a_thread_of_pixels_does_not_fill_the_memory():
    prepared = prepare(Image.new("RGB", (2048, 1), "white"), recipe(256, 224))
    assert prepared.resized.nbytes < 10_000_000
    assert float(prepared.tensor.min()) == 1


def test_grey_and_transparent_pictures_become_rgb():
    for mode in ("L", "RGBA", "1"):
        assert prepare(Image.new(mode, (8, 8)), recipe(8, 8)).tensor.shape == (1, 3, 8, 8)


def test_an_unknown_interpolation_is_refused():
    with pytest.raises(ValueError, match=r"'cubic'.*bilinear"):
        prepare(Image.new("RGB", (8, 8)), recipe(8, 8, "cubic"))
