"""The grid of maps: whole, with refusals in it, stopped, and from addresses that are wrong."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from analysis.vision.attribution import METHODS, MethodRefused
from analysis.vision.samples import samples
from pages.parts import work
from tests.pages.app import opened, words

PAIR = ["cifar_resnet20", "cifar_plain20"]
QUICK = ["saliency", "grad_cam"]
MAP = " of "  # stands in the text that describes a map: "Saliency of ResNet-20"


def maps(app: AppTest) -> list[str]:
    """What a screen reader is told of each map that is drawn."""
    told = [image.alt for element in app.get("image") for image in element.proto.imgs]
    return [alt for alt in told if MAP in alt]


def test_two_networks_and_two_methods_make_four_maps_and_say_how_they_agree():
    app = opened("attribution", networks=PAIR, sample="shape-star", methods=QUICK)
    assert not app.exception
    assert not app.warning
    expected = ["Saliency of ResNet-20", "Grad-CAM of ResNet-20", "Saliency of Plain-20"]
    assert all(any(alt.startswith(name) for alt in maps(app)) for name in expected)
    assert len(maps(app)) == 4
    said = words(app)
    assert said.count("Maps for **star**") == 2
    assert "Of two networks by one method" in said
    assert len(app.dataframe[0].value) == 4


def test_one_class_is_asked_of_all_networks_that_know_it():
    app = opened(
        "attribution",
        networks=["cifar_resnet20", "lenet5_modern"],
        sample="digit-3",
        methods="saliency",
        **{"class": "star", "against": "next likely"},
    )
    assert not app.exception
    said = words(app)
    assert "Maps for **star rather than" in said
    assert "LeNet-5 (modern) does not know the class star" in said
    assert "Maps for **3 rather than" in said
    assert "different parts of the picture" in said
    assert len(maps(app)) == 2


def test_a_refusal_stands_in_its_cell_and_the_rest_of_the_grid_stands(monkeypatch):
    def refuse(*_: object) -> None:
        raise MethodRefused("It hooks ReLU alone; choose saliency.")

    methods = {**METHODS, "saliency": replace(METHODS["saliency"], run=refuse)}
    monkeypatch.setattr("analysis.vision.attribution.asking.METHODS", methods)
    query = {"networks": "lenet5_modern", "sample": "digit-8", "class": "1"}
    app = opened("attribution", methods=QUICK, **query)
    assert not app.exception
    assert not app.warning
    assert "**No map.** It hooks ReLU alone; choose saliency." in words(app)
    assert maps(app) == ["Grad-CAM of LeNet-5 (modern)"]


def test_stopped_work_can_be_started_again(monkeypatch):
    stopped: list[object] = []

    def stopped_once(name, label, job):
        if label == "Saliency" and not stopped:
            stopped.append(name)
            work._stop(name)  # what a click on Stop does; that needs a browser
        return work.result(name, label, job)

    monkeypatch.setattr("pages.parts.looking.result", stopped_once)
    query = {"networks": "lenet5_modern", "sample": "digit-5", "class": "2"}
    app = opened("attribution", methods=QUICK, **query)
    assert maps(app) == ["Grad-CAM of LeNet-5 (modern)"]
    assert "Saliency: stopped." in words(app)
    next(button for button in app.button if button.label == "Start again").click().run()
    assert len(maps(app)) == 2
    assert "stopped" not in words(app)


def test_wrong_values_in_the_address_are_said_and_the_defaults_taken():
    query = {"class": "hexagon", "cam-lenet5_modern": "nowhere", "seed": "-1", "scale": "none"}
    app = opened("attribution", networks="lenet5_modern", methods=["grad_cam", "magic"], **query)
    assert not app.exception
    said = " ".join(warning.value for warning in app.warning)
    for text in ("`magic`", "`hexagon`", "`nowhere`", "`none`"):
        assert text in said
    assert maps(app) == ["Grad-CAM of LeNet-5 (modern)"]


def test_only_the_settings_that_the_methods_take_are_offered():
    app = opened("attribution", networks="lenet5_modern", sample="digit-3", methods="saliency")
    assert not [slider.key for slider in app.select_slider]
    app.pills(key="methods").set_value(["integrated_gradients", "grad_cam"]).run()
    assert [slider.key for slider in app.select_slider] == ["steps"]
    assert "Adds up to" in words(app)
    app.select_slider(key="steps").set_value(8).run()
    assert app.query_params["steps"] == "8"
    app.selectbox(key="cam-lenet5_modern").set_value("relu1").run()
    assert "relu1" in set(app.dataframe[0].value["layer"])


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"no picture", "PNG, JPEG"), (samples()["shape-star"].path.read_bytes(), "")],
)
def test_uploads_are_read_or_refused_and_a_link_cannot_carry_them(data: bytes, said: str):
    app = opened("attribution", networks="cifar_resnet20", source="upload", methods="saliency")
    assert "but not your picture" in words(app)
    assert not maps(app)
    app.file_uploader[0].set_value(("x.png", data, "image/png")).run()
    assert not app.exception
    assert said in " ".join(warning.value for warning in app.warning)
    assert len(maps(app)) == (0 if said else 1)


def test_no_method_is_no_error():
    app = opened("attribution", networks="lenet5_modern", methods="")
    assert not app.exception
    assert "Choose a method" in words(app)


def test_untrained_networks_point_to_those_that_learned():
    app = opened("attribution", networks="plain18", methods="saliency", sample="flower")
    assert not app.exception
    assert "These have: they ship with the atlas" in words(app)
    app.button(key="focus on cifar_resnet20").click().run()
    assert app.session_state["networks"] == ["cifar_resnet20"]
    assert "they ship with the atlas" not in words(app)
