"""The Channel attention page: what it shows, and what it says where it cannot."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.vision.samples import samples
from pages.parts.channel_attention import affordable, change, many
from tests.pages.app import opened, words

SHIPPED = "cifar_se_resnet20"


def shown(part: str, **query: str | list[str]) -> AppTest:
    app = opened("channel_attention", **{"networks": SHIPPED, "part": part, **query})
    assert not app.exception
    return app


def test_without_gates_in_focus_a_network_that_ships_is_shown_and_others_are_offered() -> None:
    app = opened("channel_attention")  # VGG-16 and ResNet-50
    assert not app.exception
    assert app.title[0].value == "Which channels does SE-ResNet-20 turn up and down?"
    assert "VGG-16 (D) and ResNet-50 have no gates." in words(app)
    offered = [button.label for button in app.button]
    assert {"SE-ResNet-20 (CIFAR-10)", "MobileNet v3 Large", "SE-ResNet-50"} <= set(offered)
    assert len(app.get("plotly_chart")) == 1
    app.button(key="focus on cifar_se_resnet20").click().run()
    assert "cifar_se_resnet20" in app.query_params["networks"]
    assert "have no gates" not in words(app)


def test_two_pictures_of_one_block() -> None:
    app = shown("block", gate="layer3.2", sample="shape-arrow", beside="shape-star")
    assert "In `layer3.2` the gates of 64 channels go from" in words(app)
    assert "The second picture moves them by" in words(app)
    alone = shown("block", beside="none", order="number")
    assert "The second picture" not in words(alone)


def test_the_depth_and_the_squeeze_quote_their_blocks() -> None:
    assert "The mean gate is lowest in `layer" in words(shown("depth"))
    assert "The largest mean of `layer1.0` is that of channel" in words(
        shown("squeeze", gate="layer1.0")
    )


def test_early_gates_are_much_the_same_for_every_class() -> None:
    app = shown("classes", pictures="60", labels=["heart", "ring"])
    said = words(app)
    assert "Early gates are much the same for every class; late ones tell them apart." in said
    assert "pictures 0 to 59 of the test split of Shapes, seed 0, 6 of each class" in said
    assert not app.warning
    assert not shown("classes", pictures="60", labels="").exception


def test_changed_gates_of_a_network_too_large_to_wait_for_are_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(affordable, "PATIENCE", 10)
    monkeypatch.setattr(change, "PATIENCE", 10)
    monkeypatch.setattr(many, "PATIENCE", 10)
    app = shown("change")
    assert "Switch it on to measure what changes of the gates do" in words(app)
    on = shown("change", measure="True", sample="shape-heart")
    assert "Untouched, the network gives **heart**" in words(on)
    assert "`layer3.1` the class needs channel" in words(on)
    assert "Not measured for this network" in words(on)


def test_changed_gates_cost_accuracy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "usual_count", lambda *_: 20)
    monkeypatch.setattr(many, "usual_count", lambda *_: 20)
    app = shown("change")
    assert "Over 20 pictures, named right: **100.0%** untouched; at worst" in words(app)
    assert len(app.get("plotly_chart")) == 3


def test_the_ratio_is_a_cost_alone() -> None:
    app = shown("ratio", quantity="macs")
    assert "The 9 gates have 2,373 parameters with r = 16" in words(app)
    assert "what another r does to the accuracy is not measured" in words(app)


def test_of_several_networks_those_with_gates_can_be_chosen() -> None:
    networks = ["resnet18", "mobilenet_v3_small", SHIPPED]
    app = shown("ratio", networks=networks, shown=SHIPPED)
    assert "SE-ResNet-20" in app.title[0].value
    assert "Untrained" not in words(app)
    other = shown("ratio", networks=networks, shown="resnet18")
    assert "MobileNet v3 Small" in other.title[0].value
    assert "`resnet18`, which this page does not have" in words(other)


def test_a_network_with_random_weights_is_called_so() -> None:
    app = shown("block", networks="mobilenet_v3_small")
    assert "Its answers mean nothing" in words(app)
    assert "hard sigmoid" in words(app)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(affordable, "PATIENCE", 10)
        assert "Switch it on" in words(shown("change", networks="mobilenet_v3_small"))


def test_an_address_with_nonsense_gets_sentences() -> None:
    app = shown("nonsense", gate="layer9.9", beside="moon", sample="sun", pictures="7")
    assert "`nonsense`, which this page does not have" in words(app)
    assert "`layer9.9`, which this page does not have" in words(app)
    assert len(app.get("plotly_chart")) == 1


def test_a_bad_upload_gets_a_sentence_and_a_good_one_an_answer() -> None:
    app = shown("depth", source="upload")
    app.file_uploader[0].set_value(("x.png", b"no picture", "image/png")).run()
    assert not app.exception
    assert app.warning
    good = samples()["shape-ring"].path.read_bytes()
    app.file_uploader[0].set_value(("<b>x</b>.png", good, "image/png")).run()
    assert not app.exception
    assert "The mean gate is lowest in" in words(app)
    assert "<b>" not in words(app)


def test_no_network_in_focus_asks_for_one() -> None:
    app = opened("channel_attention", networks="")
    assert not app.exception
    assert "Choose a network in the sidebar" in words(app)
    assert app.title[0].value == "Which network?"
