from streamlit.testing.v1 import AppTest


def _asks_twice() -> None:
    import streamlit as st

    from pages.parts import work

    if "begun" not in st.session_state:  # as after a click on Stop
        st.session_state["begun"] = True
        work._stop("the same question")
    for _ in range(2):
        found = work.result("the same question", "Slow work", lambda _report: "an answer")
        st.markdown(str(found))


def test_what_was_stopped_and_is_asked_twice_is_offered_again_and_then_done():
    app = AppTest.from_function(_asks_twice, default_timeout=60).run()
    assert not app.exception
    assert [button.label for button in app.button] == ["Start again"]
    assert [text.value for text in app.markdown] == ["None", "None"]
    app.button[0].click().run()
    assert not app.exception
    assert not app.button
    assert [text.value for text in app.markdown] == ["an answer", "an answer"]
