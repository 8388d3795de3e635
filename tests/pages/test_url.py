"""What runs leave behind in the session for the run after them."""

from streamlit.testing.v1 import AppTest


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
