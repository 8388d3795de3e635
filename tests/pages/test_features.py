"""The page Features, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.vision.features import maps, response
from tests.pages.app import opened, words

PAGE = "features"
SMALL = "lenet5_modern"


def figures(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def test_maps_of_a_digit_and_the_pixels_one_of_them_answers_to() -> None:
    app = opened(PAGE, networks=SMALL, layer="c1", sample="digit-3")
    assert not app.exception
    text = words(app)
    assert "What do the filters and maps of LeNet-5 (modern) respond to?" in text
    assert "The 6 strongest of 6 maps, 28 × 28 values each" in text
    assert "It sees 5 × 5 pixels" in text
    assert "**100.0%** of the gradient lies in the box, on 25 of its 25 pixels" in text
    assert figures(app) == 3  # the grid, the box, the gradient


def test_a_channel_of_the_address_is_the_one_shown_and_can_be_changed() -> None:
    app = opened(PAGE, networks=SMALL, layer="c3", channel="5", sorted="maximum")
    assert "Which pixels does channel 5 answer to?" in words(app)
    assert "over each: channel and maximum" in words(app).lower()
    app.selectbox(key="channel").set_value("2").run()
    assert not app.exception
    assert "Which pixels does channel 2 answer to?" in words(app)
    assert app.query_params["channel"] in ("2", ["2"])


def test_a_channel_that_another_layer_does_not_have_is_left() -> None:
    app = opened(PAGE, networks=SMALL, layer="c3", channel="15")
    app.selectbox(key="layer").set_value("c1").run()
    assert not app.exception
    assert app.selectbox(key="channel").value == "strongest"
    assert "Which pixels does channel" in words(app)


def test_behind_a_gate_the_gradient_goes_beyond_the_box() -> None:
    app = opened(PAGE, networks="cifar_se_resnet20", layer="layer1.0.relu2")
    assert not app.exception
    assert "a gate before this layer is computed from the whole image" in words(app)
    assert "**100.0%**" not in words(app)


def test_filters_are_counted_against_noise() -> None:
    app = opened(PAGE, networks="cifar_resnet20", part="filters")
    assert not app.exception
    assert "of 16** filters are nearly grey" in words(app)
    assert "these have a shape" in words(app)
    assert figures(app) == 1


def test_a_network_with_several_readers_lets_one_choose() -> None:
    app = opened(PAGE, networks="fractalnet_c3_cifar", part="filters")
    assert not app.exception
    assert "look like noise. These are random weights" in words(app)
    assert len(app.selectbox(key="reader").options) == 3


@pytest.mark.parametrize("unit", ["channel", "place", "class"])
def test_an_image_is_made_and_judged(unit: str) -> None:
    app = opened(PAGE, networks=SMALL, part="excite", unit=unit, layer="s2", seed="3")
    assert not app.exception
    text = words(app)
    assert "Of 100 digits of the test split" in text
    assert "Gradient ascent in 128 steps from noise of seed 3, with a pull" in text
    assert len(app.get("image")) == 3
    app.segmented_control(key="tidy").set_value("none").run()
    assert "with no regularisation" in words(app)


def test_large_networks_make_no_image_unasked() -> None:
    app = opened(PAGE, networks="vgg16", part="excite", unit="class")
    assert not app.exception
    text = words(app)
    assert "Untrained" in text
    assert "These have: they ship with the atlas" in text
    assert "Switch it on to climb from noise: 16 steps" in text
    assert not app.toggle(key="climb").value


def test_an_absurd_address_is_said_and_the_page_works() -> None:
    app = opened(
        PAGE, networks=SMALL, layer="<b>no</b>", channel="-1", sorted="size", colours="pink"
    )
    assert not app.exception
    text = words(app)
    assert "the layer `bnob`" in text
    assert "the channel `-1`" in text
    assert "the order `size`" in text
    assert "Which pixels does channel" in text


def test_a_failure_inside_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(response, "respond", broken)
    app = opened(PAGE, networks=SMALL, layer="s4", sample="digit-8")
    assert not app.exception
    assert "The gradient cannot be shown: broken on purpose" in words(app)
    assert figures(app) == 1
    monkeypatch.undo()
    app = opened(PAGE, networks=SMALL, layer="s4", sample="digit-8")
    assert figures(app) == 3


def test_broken_maps_are_said_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(*_: object) -> None:
        raise ValueError(maps.NOT_FINITE)

    monkeypatch.setattr(maps, "strongest", empty)
    app = opened(PAGE, networks=SMALL, layer="relu1", sample="digit-5")
    assert not app.exception
    assert "The maps cannot be shown: The values of this layer are not finite" in words(app)
