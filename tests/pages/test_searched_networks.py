"""A network that a search found, on the pages that show networks in focus."""

import pytest

from tests.pages.app import opened, words

FOUND = "searched_2047"


@pytest.mark.parametrize("page", ["architecture", "compare", "counting", "receptive_field", "cost"])
def test_a_found_network_has_its_pages(page: str) -> None:
    app = opened(page, networks=FOUND)
    assert not app.exception
    assert not app.warning
    assert app.multiselect(key="networks").value == [FOUND]


def test_it_has_a_bubble_among_small_networks() -> None:
    app = opened("landscape", networks=FOUND, size="small", axis="params", bubble=FOUND)
    assert not app.exception
    said = words(app)
    assert "**Searched 2047** (2016): One of 2,048 networks" in said
    assert "It is not among the bubbles" not in said
    assert "without a bubble" not in said


def test_where_it_has_no_bubble_the_page_says_why() -> None:
    said = words(opened("landscape", networks=[FOUND, "vgg16"]))
    assert "without a bubble here: Searched 2047 (its images are of 8 pixels)." in said


def test_no_other_number_is_known() -> None:
    app = opened("compare", networks=["searched_2048", FOUND])
    assert "`searched_2048`, which this page does not have" in words(app)
    assert app.multiselect(key="networks").value == [FOUND]
