"""The Cost page: change a size and the sums follow."""

import pytest

from analysis.structure.costs import DECISIONS
from tests.pages.app import opened, words


@pytest.mark.parametrize("saving", DECISIONS)
def test_every_decision_is_drawn_with_its_sum(saving: str) -> None:
    app = opened("cost", saving=saving, networks="lenet5")
    assert not app.exception
    assert not app.warning
    text = words(app)
    assert DECISIONS[saving].question in text
    decision = DECISIONS[saving]()
    for side in decision.sides():
        assert f"{side.amount(DECISIONS[saving].cost):,}" in text
    assert len(app.get("plotly_chart")) == 1


def test_the_lectures_case_and_what_the_deck_has() -> None:
    text = words(opened("cost"))
    assert "**271.4 M** multiply-adds, the naive module has **854.2 M**" in text
    for printed in ("529k", "845M", "358M"):
        assert f"**{printed}**" in text


def test_a_slider_moves_the_sum_and_the_address() -> None:
    app = opened("cost")
    app.slider(key="inception_three_reduce").set_value(96).run()
    assert not app.exception
    # 28 x 28 x (96 x 256 - 64 x 256 + 9 x 192 x 96 - 9 x 192 x 64) more than before
    more = 784 * (32 * 256 + 9 * 192 * 32)
    assert f"{271_351_808 + more:,}" in words(app)
    assert app.query_params["inception_three_reduce"] == "96"


def test_a_shared_link_opens_the_same_sizes() -> None:
    app = opened("cost", saving="separable", separable_outputs="64", quantity="macs")
    assert app.slider(key="separable_outputs").value == 64
    assert "1 / 64 + 1 / 9" in words(app)


def test_groups_that_do_not_divide_are_refused_and_the_rest_stays() -> None:
    app = opened("cost", saving="shuffle", shuffle_neck="61")
    assert not app.exception
    assert "3 groups do not divide the 61 bottleneck channels" in app.warning[0].value
    assert "The same decision in a whole network" in words(app)
    app.slider(key="shuffle_neck").set_value(60).run()
    assert not app.warning


@pytest.mark.parametrize("wrong", ["1000000000", "0", "-8", "many", "64.5"])
def test_an_absurd_size_in_the_address_is_said(wrong: str) -> None:
    app = opened("cost", inception_inputs=wrong)
    assert not app.exception
    assert "Input channels (8 to 2,048" in app.warning[0].value
    assert app.slider(key="inception_inputs").value == 256


def test_a_decision_that_is_not_there_is_said() -> None:
    app = opened("cost", saving="magic")
    assert not app.exception
    assert "the decision `magic`" in app.warning[0].value


def test_a_decision_is_made_anew_in_a_network_in_focus() -> None:
    app = opened("cost", saving="squeeze_excite", networks="resnet50", becomes="16")
    assert not app.exception
    assert app.dataframe[0].value["after"].iloc[0] == 28_088_024


def test_without_a_network_in_focus_the_page_shows_one_that_has_the_decision():
    app = opened("cost", networks="")
    assert not app.exception
    assert [title.value for title in app.title] == ["What does a design decision save?"]
    assert "No network is in focus, so GoogLeNet stands here." in words(app)
