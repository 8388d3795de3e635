"""What a class does on the page about savings, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from analysis.structure.costs import DECISIONS
from tests.pages.app import opened, words


def warnings(app: AppTest) -> str:
    return "\n".join(warning.value for warning in app.warning)


def test_the_lecture_case_stands_there_with_what_the_decks_print() -> None:
    app = opened("cost")
    assert not app.exception
    text = words(app)
    assert "What does a design decision save?" in app.title[0].value
    assert "**271.4 M** multiply-adds, the naive module has **854.2 M**" in text
    assert "**3.15 times fewer**" in text
    assert "854,196,224" in text
    assert "28 × 28 × (128 + 192 + 96 + 256) = **526,848**" in text
    for printed in ("529k", "854M", "845M", "358M"):
        assert f">{printed}</td>" in text


def test_a_slider_moves_the_sentence_and_the_address() -> None:
    app = opened("cost")
    app.slider(key="inception_three_reduce").set_value(96).run()
    assert not app.exception
    # 28·28·256·(64 − 96) and 28·28·192·9·(64 − 96) more
    macs = 271_351_808 + 28 * 28 * 32 * (256 + 192 * 9)
    assert f"**{macs / 1e6:.4g} M** multiply-adds" in words(app)
    assert app.query_params["inception_three_reduce"] == "96"
    app.slider(key="inception_size").set_value(14).run()  # behind the button
    assert f"**{macs / 4e6:.4g} M** multiply-adds" in words(app)


@pytest.mark.parametrize("name", DECISIONS)
def test_every_decision_opens_from_its_address_in_both_quantities(name: str) -> None:
    for cost in ("params", "macs"):
        app = opened("cost", saving=name, quantity=cost)
        assert not app.exception
        assert not app.warning
        text = words(app)
        decision = DECISIONS[name]()
        assert decision.question in text
        assert f"{decision.after().amount(cost):,}</th>" in text
        assert "The same decision in a real network" in text


def test_each_decision_keeps_its_own_sizes() -> None:
    app = opened("cost", saving="separable", separable_inputs="64", separable_outputs="128")
    assert "0.1189" in words(app)  # 1/128 + 1/9
    app.segmented_control(key="saving").set_value("inception").run()
    assert not app.exception
    assert "854.2 M" in words(app)
    assert "separable_inputs" not in app.query_params


def test_groups_that_do_not_divide_leave_the_rest_of_the_page() -> None:
    app = opened("cost", saving="shuffle", shuffle_groups="8")
    assert not app.exception
    assert "8 groups do not divide the 60 bottleneck channels m" in warnings(app)
    assert "The same decision in a real network" in words(app)
    app.slider(key="shuffle_neck").set_value(56).run()
    assert not app.warning
    assert "ShuffleNet unit has" in words(app)


@pytest.mark.parametrize("text", ["1000000000", "-8", "0", "nan", "", "1e3", "100", "<img>"])
def test_a_size_that_no_slider_has_is_said_with_what_it_can_be(text: str) -> None:
    app = opened("cost", inception_three=text)
    assert not app.exception
    assert "3×3 channels (8 to 1,024 in steps of 8)" in warnings(app)
    assert "854.2 M" in words(app)


def test_a_decision_that_is_none_is_said() -> None:
    app = opened("cost", saving="pruning", quantity="memory")
    assert not app.exception
    assert "the decision `pruning`" in warnings(app)
    assert "`memory`" in warnings(app)
    assert "854.2 M" in words(app)


def test_the_sums_need_no_network_in_focus() -> None:
    app = opened("cost", networks="")
    assert not app.exception
    assert "854.2 M" in words(app)
    assert "No network is in focus, so GoogLeNet stands here." in words(app)


def test_the_decision_is_made_anew_in_the_network_in_focus() -> None:
    app = opened("cost", saving="squeeze_excite", networks="resnet50", becomes="16")
    assert not app.exception
    after = app.dataframe[0].value["after"].to_dict()
    assert after["parameters"] == 28_088_024  # SE-ResNet-50
    assert "2.515 M weights to 25.56 M" in words(app)


def test_a_network_in_focus_that_has_no_such_decision_is_named() -> None:
    app = opened("cost", saving="fire", networks=["squeezenet1_0", "vgg16"])
    assert not app.exception
    assert "VGG-16 (D) has no Fire module" in words(app)
