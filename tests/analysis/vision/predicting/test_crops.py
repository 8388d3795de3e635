"""Where several looks at one picture are cut out."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.vision import sight, voices
from analysis.vision.images import BadImage
from analysis.vision.predicting.crops import PROTOCOLS, CannotLook, Window, looks, windows
from cnn_models.spec import Preprocessing

PLACES = {"top left", "top right", "bottom left", "bottom right", "centre"}
ALEXNET = Preprocessing(256, 224, "bilinear", (0.5,) * 3, (0.25,) * 3)


def speaker(recipe: Preprocessing = ALEXNET) -> voices.Voice:
    side = recipe.crop
    return replace(
        voices.voice("cifar_resnet20"), preprocessing=recipe, input_shape=(3, side, side)
    )


def numbered(height: int, width: int) -> Image.Image:
    """Red is the row and green the column of each pixel."""
    rows, columns = np.indices((height, width))
    return Image.fromarray(np.stack([rows, columns, 0 * rows], axis=2).astype(np.uint8))


def test_ten_windows_are_those_of_krizhevsky() -> None:
    """Four corners and the centre of 224 out of 256, and their mirror images (section 4.1)."""
    found = windows("ten", 256, 256, 224)
    corners = {(w.name, w.top, w.left, w.mirrored) for w in found}
    expected = {
        ("top left", 0, 0),
        ("top right", 0, 32),
        ("bottom left", 32, 0),
        ("bottom right", 32, 32),
        ("centre", 16, 16),
    }
    assert corners == {(*place, mirrored) for place in expected for mirrored in (False, True)}
    assert len(found) == PROTOCOLS["ten"].images == 10
    assert {w.side for w in found} == {224}


def test_corners_are_those_of_the_middle_square() -> None:
    """The paper cuts 256 × 256 out of the middle before it takes the patches."""
    found = {w.name: (w.top, w.left) for w in windows("ten", 256, 356, 224)}
    assert found["top left"] == (0, 50)
    assert found["bottom right"] == (32, 82)
    assert found["centre"] == (16, 66)


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [("one", [(16, 16, False)]), ("flip", [(16, 16, False), (16, 16, True)])],
)
def test_one_and_two_images(protocol: str, expected: list[tuple[int, int, bool]]) -> None:
    found = windows(protocol, 256, 256, 224)
    assert [(w.top, w.left, w.mirrored) for w in found] == expected


def test_windows_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="one, flip, ten"):
        windows("twelve", 256, 256, 224)
    with pytest.raises(ValueError, match="does not fit"):
        windows("one", 200, 256, 224)


def test_pixels_come_from_their_windows() -> None:
    seen = looks(numbered(256, 256), speaker(), "ten")
    for window, patch in zip(seen.windows, seen.patches, strict=True):
        first, last = (0, -1) if not window.mirrored else (-1, 0)
        assert patch[0, first, :2].tolist() == [window.top, window.left]
        assert patch[-1, last, :2].tolist() == [window.top + 223, window.left + 223]


def test_the_first_of_one_image_is_what_the_network_gets_anyway() -> None:
    image = numbered(240, 200)
    for recipe in (ALEXNET, Preprocessing(32, 32, "bicubic", (0.1, 0.2, 0.3), (1, 2, 3))):
        who = speaker(recipe)
        expected = sight.sight(image, who).tensor
        for protocol in ("one", "flip"):
            assert torch.equal(looks(image, who, protocol).tensor[:1], expected)
        mirrored = looks(image, who, "flip").tensor[1]
        assert torch.equal(mirrored, expected[0].flip(2))


def test_corners_get_room_where_the_owner_leaves_none() -> None:
    seen = looks(
        numbered(64, 64), speaker(Preprocessing(32, 32, "bilinear", (0,) * 3, (1,) * 3)), "ten"
    )
    assert seen.picture.shape == (37, 37, 3)  # 32 · 256 / 224 = 36.6
    assert seen.windows[3] == Window("bottom right", 5, 5, 32)
    assert "37" in seen.note


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (5, 2000)])
@pytest.mark.parametrize("recipe", [ALEXNET, replace(ALEXNET, resize=200)])
def test_any_picture_gives_looks(size: tuple[int, int], recipe: Preprocessing) -> None:
    seen = looks(Image.new("RGB", size), speaker(recipe), "ten")
    assert seen.tensor.shape == (10, 3, 224, 224)


def test_a_digit_is_read_once_and_never_mirrored() -> None:
    reader = voices.voice("lenet5_modern")
    page = np.full((60, 60), 255, np.uint8)
    page[20:40, 28:32] = 0
    image = Image.fromarray(page)
    assert torch.equal(looks(image, reader, "one").tensor, sight.sight(image, reader).tensor)
    for protocol in ("flip", "ten"):
        with pytest.raises(CannotLook, match="Take 1 image"):
            looks(image, reader, protocol)
    with pytest.raises(BadImage):
        looks(Image.new("RGB", (60, 60), "white"), reader, "one")
