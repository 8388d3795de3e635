"""The page that holds the slides against the sums."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.app import opened, words

# The page has checked all claims once any of these tests has opened it.


def shown(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["claim"])


def test_all_claims_with_a_sentence_that_counts_them() -> None:
    app = opened("lecture_check")
    assert not app.exception
    assert app.title[0].value == "Are the numbers on the slides right?"
    assert len(shown(app)) == 200
    verdicts = app.dataframe[0].value["verdict"].value_counts()
    said = words(app)
    assert f"{verdicts['does not hold']} do not hold" in said
    assert f"{verdicts['not yet checked']} are not yet checked" in said
    assert "Checking" not in said


def test_filters_stand_in_the_address_and_narrow_the_table() -> None:
    app = opened("lecture_check", deck="deep-learning-9", topic="inception")
    app.selectbox(key="verdict").set_value("fails").run()
    assert not app.exception
    assert shown(app) == ["c088", "c091", "c098", "c100", "c101"]
    assert app.query_params["verdict"] == "fails"
    assert app.query_params["deck"] == "deep-learning-9"


def test_a_claim_in_the_address_is_taken_apart() -> None:
    app = opened("lecture_check", claim="c101")
    assert not app.exception
    said = words(app)
    assert "271,351,808" in said
    assert "not 358M, which is 31.9% too high" in said
    assert app.query_params["claim"] == "c101"


def test_a_claim_leads_to_the_page_that_shows_it() -> None:
    app = opened("lecture_check", claim="c073")
    link = next(one.proto for one in app.get("page_link") if "See where" in one.proto.label)
    assert link.page == "architecture"
    assert "layer=inception3b.cat" in link.query_string


def test_a_claim_that_the_filters_leave_out_is_forgotten_without_a_warning() -> None:
    app = opened("lecture_check", claim="c101")
    app.selectbox(key="topic").set_value("senet").run()
    assert not app.exception
    assert not app.warning
    assert "claim" not in app.query_params


def test_filters_that_leave_nothing_say_so() -> None:
    app = opened("lecture_check", topic="small", verdict="open")
    assert not app.exception
    assert "No claim fits" in words(app)
    assert not app.dataframe


@pytest.mark.parametrize("name", ["deck", "topic", "verdict", "claim"])
def test_absurd_values_in_the_address_are_said_and_left_out(name: str) -> None:
    app = opened("lecture_check", **{name: "<b>1e9</b>"})
    assert not app.exception
    assert len(shown(app)) == 200
    assert "b1e9b" in " ".join(warning.value for warning in app.warning)


def test_nothing_in_focus_is_nothing_to_this_page() -> None:
    app = opened("lecture_check")
    app.multiselect(key="networks").set_value([]).run()
    assert not app.exception
    assert len(shown(app)) == 200
