"""What runs leave behind in the session for the run after them."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import spelled


def cut_short() -> None:
    import contextlib

    import streamlit as st

    from pages.parts import url

    with contextlib.suppress(InterruptedError), url.addressed():
        st.text(f"inside: {url.is_addressed()}")
        raise InterruptedError  # as the user's next click does
    st.text(f"after: {url.is_addressed()}")


def test_a_run_that_is_cut_short_leaves_no_mark_for_the_next():
    """With a mark left behind, the next page ran alone, without the choice of networks."""
    app = AppTest.from_function(cut_short).run()
    assert [text.value for text in app.text] == ["inside: True", "after: False"]


def test_a_long_range_is_read_without_being_written_down():
    options = spelled.whole_numbers(range(8, 10**9, 8))
    assert "4096" in options
    assert options["4096"] == 4096
    for text in ("7", "12", "1e3", "", "-8", "1000000000"):
        assert text not in options


def number() -> None:
    import streamlit as st

    from pages.parts import url

    with url.addressed(), url.kept("channels", range(1, 10**9), 256):
        st.number_input("Channels", min_value=1, max_value=10**9 - 1, key="channels")


@pytest.mark.parametrize(("asked", "value", "said"), [("64", 64, 0), ("0", 256, 1), ("x", 256, 1)])
def test_a_number_comes_from_the_address_or_is_refused(asked: str, value: int, said: int):
    app = AppTest.from_function(number)
    app.query_params["channels"] = asked
    app.run()
    assert app.number_input(key="channels").value == value
    assert len(app.warning) == said
    app.number_input(key="channels").set_value(512).run()
    assert app.query_params["channels"] == "512"
    assert not app.warning


def table() -> None:
    import streamlit as st

    from pages.parts import url

    with url.addressed():
        with url.kept("channels", range(1, 10**9), 256):
            st.number_input("Channels", min_value=1, max_value=10**9 - 1, key="channels")
        st.button("Say it once more", on_click=url.clicked)


def test_an_old_address_is_no_news_where_a_callback_says_that_it_was_a_click():
    app = AppTest.from_function(table).run()
    app.number_input(key="channels").set_value(512).run()
    app.query_params["channels"] = "64"  # as the browser still had it
    app.button[0].click().run()
    assert app.number_input(key="channels").value == 512
    assert app.query_params["channels"] == "512"
    app.query_params["channels"] = "64"  # nobody has clicked
    app.run()
    assert app.number_input(key="channels").value == 64


def test_a_value_is_sent_again_until_the_browser_must_have_it():
    """A quick click in the menu came before the widget did: it stood empty, and was believed."""
    app = AppTest.from_function(number)
    app.query_params["channels"] = "64"
    for _ in range(2):
        app.run()
        widget = app.number_input(key="channels").proto
        assert widget.set_value
        assert widget.value == 64


def ended() -> None:
    import streamlit as st

    from pages.parts import url

    with url.addressed():
        with url.kept("channels", range(1, 10**9), 256):
            st.number_input("Channels", min_value=1, max_value=10**9 - 1, key="channels")
        raise url.PageEnded


def test_a_page_that_ends_early_has_its_choices_in_the_address():
    app = AppTest.from_function(ended).run()
    app.number_input(key="channels").set_value(512).run()
    assert not app.exception
    assert app.query_params["channels"] == "512"


def fragment() -> None:
    import contextlib

    import streamlit as st

    from pages.parts import url

    alone = "whole" in st.session_state  # the second run is one of the fragment only
    st.session_state["whole"] = True
    with contextlib.nullcontext() if alone else url.addressed():
        if not alone:
            with url.kept("stage", ("all", "conv2"), "all"):
                st.selectbox("Stage", ("all", "conv2"), key="stage")
        with url.kept("channels", range(1, 10**9), 256):
            st.number_input("Channels", min_value=1, max_value=10**9 - 1, key="channels")


def test_a_click_in_a_fragment_keeps_what_the_browser_does_not_yet_know():
    """With two quick clicks the address lost the first, since the second brought an older one."""
    app = AppTest.from_function(fragment)
    app.query_params["stage"] = "conv2"
    app.run()
    del app.query_params["stage"]  # as the browser still had it
    app.number_input(key="channels").set_value(512).run()
    assert dict(app.query_params) == {"stage": "conv2", "channels": "512"}
