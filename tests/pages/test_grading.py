"""The Grading page: recorded grades at once, own ones on demand, and the cheat."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.record import recorded
from tests.pages.app import opened, words

LIVE = {"run": "here", "graded": "5", "rated": ["saliency", "grad_cam"]}
QUICK = {"networks": "cifar_resnet20", **LIVE}


def pictures(app: AppTest) -> list[str]:
    """Captions of all pictures."""
    return [one.caption for image in app.get("image") for one in image.proto.imgs]


@pytest.mark.parametrize("measure", MEASURES)
def test_each_measure_is_graded_here_and_told(measure: str) -> None:
    app = opened("grading", score=measure, **QUICK)
    assert not app.exception
    assert not app.warning
    said = words(app)
    assert "5 of 5 pictures from the test split of Shapes, seed 1" in said
    assert "Saliency" in said
    assert "Grad-CAM" in said
    assert len(app.get("plotly_chart")) == (2 if MEASURES[measure].group == "pixels" else 1)


def test_the_record_is_shown_at_once() -> None:
    app = opened("grading", networks=["cifar_resnet20", "cifar_plain20"])
    assert not app.exception
    made = recorded().made
    assert f"Recorded on {made['date']} by `{made['command']}`" in words(app)
    assert "**ResNet-20 (CIFAR-10)**: " in words(app)
    table = app.dataframe[0].value
    assert set(table["Network"]) == {"ResNet-20 (CIFAR-10)", "Plain-20 (CIFAR-10)"}
    assert table["Share inside"].between(0, 100).all()


def test_networks_that_do_not_know_shapes_are_named_and_another_is_graded() -> None:
    app = opened("grading", networks=["vgg16", "lenet5_modern"], **LIVE)
    assert not app.exception
    said = words(app)
    assert "VGG-16 (D) and LeNet-5 (modern) have not learned Shapes" in said
    assert "Graded instead is ResNet-20 (CIFAR-10)" in said
    assert "**ResNet-20 (CIFAR-10)**: " in said


def test_one_that_knows_shapes_is_graded_beside_one_that_does_not() -> None:
    app = opened("grading", networks=["vgg16", "mobilenet_v1_x0_25"], **LIVE)
    assert not app.exception
    assert "VGG-16 (D) has not learned Shapes" in words(app)
    assert "Graded instead" not in words(app)
    assert "**MobileNet v1 ×0.25**: " in words(app)


def test_the_cheat_says_what_the_tag_says() -> None:
    app = opened("grading", score="shortcut", by="saliency", example="4", **QUICK)
    assert not app.exception
    assert "learned from, a small tag in a corner has the colour of the class" in words(app)
    true, none, lying, *told = pictures(app)
    assert (true, none) == ("True tag for pentagon: pentagon", "No tag: pentagon")
    assert lying.startswith("Lying tag for ")
    named = lying.removeprefix("Lying tag for ").partition(":")[0]
    assert told[0].startswith("Says pentagon with")
    assert told[2].startswith(f"Says {named} with")
    assert [text.split(" with")[0] for text in told[3:]] == ["Says pentagon"] * 3


def test_weights_are_lost_from_the_top_down() -> None:
    app = opened("grading", score="weights", cascade="True", **(QUICK | {"rated": "saliency"}))
    assert not app.exception
    assert "When only the last of the 39 layers of **ResNet-20 (CIFAR-10)**" in words(app)


def test_no_method_is_no_grade_but_a_sentence() -> None:
    for score in ("inside", "shortcut"):
        app = opened("grading", networks="cifar_resnet20", run="here", rated="", score=score)
        assert not app.exception
        assert "Choose at least one method" in words(app)


def test_what_the_address_asks_wrongly_is_said() -> None:
    wrong = {"graded": "7", "drawing": "-3", "example": "99", "filling": "jam"}
    app = opened("grading", score="inside", **(QUICK | wrong))
    assert not app.exception
    said = " ".join(warning.value for warning in app.warning)
    for text in ("7", "-3", "99", "jam"):
        assert f"`{text}`" in said
    assert "Saliency" in words(app)
