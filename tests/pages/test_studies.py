"""The pages on depth, blocks and scaling: what they show at once, and what they say of it."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.experiments.studies.catalogue import STUDIES
from tests.pages.app import opened, words

BLOCKS = ["shortcuts", "order", "width", "dropout", "stochastic", "growth", "gates"]


def shown(page: str, **query: str) -> AppTest:
    app = opened(page, **query)
    assert not app.exception
    return app


def test_the_four_networks_are_shown_at_once() -> None:
    app = shown("depth")
    assert app.title[0].value == "Why do plain networks get worse with depth?"
    assert len(app.get("plotly_chart")) == 2
    said = words(app)
    assert "this is not overfitting" in said
    assert "seeds 0, 1 and 2" in said
    assert not app.warning
    assert len(shown("depth", form="ends").get("plotly_chart")) == 2


def test_a_copy_with_more_layers_makes_the_same_errors() -> None:
    said = words(shown("depth", study="copied", copy="32"))
    assert "Every output is the same to the last bit." in said
    assert "its copy with 32 layers" in said


@pytest.mark.parametrize("part", BLOCKS)
def test_each_study_has_its_question_and_its_origin(part: str) -> None:
    app = shown("blocks", study=part)
    said = words(app)
    assert STUDIES[part].question in said
    assert f"analysis.experiments.record {part}`" in said
    assert len(app.get("plotly_chart")) == (3 if part == "stochastic" else 2)


def test_survival_follows_the_slider() -> None:
    assert "On average 20.3 blocks work" in words(shown("blocks", study="stochastic"))
    app = shown("blocks", study="stochastic", survival="100")
    assert "On average 27.0 blocks work" in words(app)


def test_columns_and_reuse_come_from_their_records() -> None:
    assert "Trained without drop-path" in words(shown("blocks", study="columns"))
    assert "In block 3, the maps" in words(shown("blocks", study="reuse", dense="3"))


def test_the_grid_stands_on_either_cost() -> None:
    assert "With three to four times as many" in words(shown("scaling"))
    assert len(shown("scaling", against="parameters").get("plotly_chart")) == 1


def test_a_controller_chooses_on_the_grid() -> None:
    assert "After 400 samples the controller" in words(shown("scaling", study="search"))


def test_a_part_that_no_page_has_is_named() -> None:
    app = shown("scaling", study="gates")
    assert "`gates`" in app.warning[0].value
