"""The page Augmentation, without a browser."""

import io

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from analysis.experiments.augmented import at_test
from analysis.experiments.augmented.ways import WAYS
from tests.pages.app import opened, words

PAGE = "augmentation"


def images(app: AppTest) -> int:
    return len(app.get("image"))


def test_the_count_of_the_lectures_stands_beside_what_is_counted_here() -> None:
    app = opened(PAGE)
    assert not app.exception
    text = words(app)
    assert "How many pictures are in one picture?" in text
    assert "**2,178 pictures from one** = 33 × 33 × 2" in text
    assert "256 − 224 + 1 = 33 places" in text
    assert "**2,178 differ**" in text
    assert "“factor of 2048 (32 * 32 * 2)”. Verdict: **holds under a stated reading**" in text
    assert images(app) == 2  # the picture, and what is made of it
    assert list(app.dataframe[0].value["augmentation"]) == [way.label for way in WAYS.values()]


@pytest.mark.parametrize("way", WAYS)
def test_every_augmentation_has_a_page_for_small_images(way: str) -> None:
    query = {"sizes": "cifar"} if WAYS[way].has_sizes else {}
    app = opened(PAGE, vary=way, sample="shape-star", **query)
    assert not app.exception
    assert not app.warning
    assert WAYS[way].label in app.segmented_control(key="vary").options
    assert images(app) == (3 if way == "ten" else 2)


def test_choices_stand_in_the_address() -> None:
    app = opened(PAGE, vary="cutout")
    app.segmented_control(key="sizes").set_value("cifar").run()
    app.number_input(key="seed").set_value(7).run()
    assert app.query_params["vary"] in ("cutout", ["cutout"])
    assert app.query_params["sizes"] in ("cifar", ["cifar"])
    assert app.query_params["seed"] in ("7", ["7"])
    assert "**1,024 pictures from one**" in words(app)


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ({"vary": "zoom"}, "`zoom`"),
        ({"vary": "crop", "sizes": "huge"}, "`huge`"),
        ({"vary": "colour", "seed": "-1"}, "`-1`"),
    ],
)
def test_nonsense_in_the_address_is_said_and_the_page_goes_on(
    query: dict[str, str], warning: str
) -> None:
    app = opened(PAGE, **query)
    assert not app.exception
    assert warning in app.warning[0].value
    assert "pictures from one" in words(app)


def test_a_broken_upload_leaves_the_rest_of_the_page() -> None:
    app = opened(PAGE, vary="flip", source="upload")
    assert "2 pictures from one" in words(app)
    app.file_uploader[0].upload("x.png", b"no picture", "image/png").run()
    assert not app.exception
    assert "not a picture in a format" in app.warning[0].value
    plain = io.BytesIO()
    Image.new("RGB", (3, 1)).save(plain, "PNG")
    app.file_uploader[0].upload("y.png", plain.getvalue(), "image/png").run()
    assert "because the picture is symmetric" in words(app)


def test_ten_crop_is_measured_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(PAGE, vary="ten")
    assert "are right with the centre alone" not in words(app)
    monkeypatch.setattr(at_test, "IMAGES", 20)
    app.toggle(key="measure").set_value(True).run()
    assert not app.exception
    assert "ResNet-20 (CIFAR-10), 20 test images of Shapes, seed 0:**" in words(app)
