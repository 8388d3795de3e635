"""The Paths page: blocks off, the reuse map, columns and heads."""

import pytest

from tests.pages.app import opened, words

PAIR = ["cifar_resnet20", "cifar_plain20"]


def test_two_networks_without_blocks_are_compared() -> None:
    app = opened("paths", networks=PAIR, examples="50")
    assert not app.exception
    said = words(app)
    assert "**ResNet-20 (CIFAR-10)** gets 100.0% right with all blocks" in said
    assert "**Plain-20 (CIFAR-10)** gets 100.0% right with all blocks" in said
    assert "first 50 test pictures of Shapes" in said
    assert len(app.get("plotly_chart")) == 3  # the fall, and a picture with and without
    assert "9 blocks can be switched off" in said
    app.segmented_control(key="trial").set_value("one").run()
    assert not app.exception
    app.segmented_control(key="within").set_value("cifar_plain20").run()
    assert not app.exception
    assert "7 blocks can be" in words(app)
    app.button_group(key="off").set_value([]).run()
    assert not app.exception
    assert "Nothing switched off" in words(app)
    assert "and the answer stays" in words(app)


def test_blocks_in_the_address_are_switched_off() -> None:
    app = opened(
        "paths",
        networks="cifar_resnet20",
        examples="50",
        off=["layer3.0", "layer3.1", "layer3.2", "layer2.1"],
    )
    assert not app.exception
    assert "**Without 4 blocks**" in words(app)
    assert app.query_params["off"] == ["layer3.0", "layer3.1", "layer3.2", "layer2.1"]


def test_networks_that_learned_something_else_are_said_to_stand_aside() -> None:
    app = opened(
        "paths",
        networks="squeezenet_simple_bypass",
        within="squeezenet_simple_bypass",
        examples="50",
    )
    assert not app.exception
    said = words(app)
    assert "did not learn Shapes" in said
    assert "ResNet-20 (CIFAR-10) and Plain-20 (CIFAR-10), which did, stand here" in said
    assert "4 blocks can be switched off" in said
    assert "Its answers mean nothing" in said


def test_a_network_without_paths_gets_a_sentence_and_offers() -> None:
    app = opened("paths", networks="lenet5_modern", examples="50")
    assert not app.exception
    assert "no block, connection, column or head of it can be taken alone" in words(app)
    assert app.button(key="focus on cifar_densenet40_k12 reuse").label.startswith("DenseNet-40")
    assert app.button(key="focus on googlenet heads").label == "GoogLeNet"
    app.button(key="focus on fractalnet_c2_cifar columns").click().run()
    assert app.session_state["networks"] == ["fractalnet_c2_cifar"]
    assert "Column 1: 5 convolutions in a row" in words(app)


def test_reuse_map_of_each_block() -> None:
    app = opened("paths", networks="cifar_densenet40_k12")
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    assert "**Block 3:**" in words(app)
    assert "The classifier reads layer" in words(app)


def test_columns_and_heads_answer_alone() -> None:
    app = opened("paths", networks="fractalnet_c2_cifar")
    assert not app.exception
    assert "Column 1: 5 convolutions in a row" in words(app)
    app = opened("paths", networks="googlenet", part="heads")
    assert not app.exception
    assert "Auxiliary head 1: after inception4a" in words(app)
    assert "the heads guess" in words(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [("part", "columns"), ("off", "layer9.9"), ("examples", "7"), ("shuffle", "-1"), ("trial", "")],
)
def test_nonsense_in_the_address_is_said(name: str, value: str) -> None:
    app = opened("paths", networks="cifar_plain20", **{"examples": "50", name: value})
    assert not app.exception
    assert any("The address asks for" in warning.value for warning in app.warning)
