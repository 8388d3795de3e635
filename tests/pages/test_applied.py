"""The panel that makes a decision anew in a network, drawn on a page of its own."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.app import words


def _panel() -> None:
    import streamlit as st

    from pages.parts import focus, url
    from pages.parts.cost import applied

    with url.addressed():
        focus.choose()
        applied.draw(st.query_params.get("decision", "head"))


def _drawn(decision: str, **query: str | list[str]) -> AppTest:
    app = AppTest.from_function(_panel, default_timeout=60)
    for name, value in {"decision": decision, **query}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def _totals(app: AppTest) -> dict[str, float]:
    return app.dataframe[0].value["after"].to_dict()


def test_a_new_value_gives_new_totals() -> None:
    app = _drawn("squeeze_excite", networks="resnet18")
    assert app.selectbox("becomes").value == 16
    first = _totals(app)["parameters"]
    app.selectbox("becomes").select(2).run()
    assert not app.exception
    # 2 gates at each width, with C / 2 values between their layers instead of C / 16
    channels = (64, 128, 256, 512)
    wider = sum(2 * (2 * c * (c // 2 - c // 16) + (c // 2 - c // 16)) for c in channels)
    assert _totals(app)["parameters"] - first == wider


def test_the_address_says_network_and_value() -> None:
    app = _drawn("head", networks=["lenet5_modern", "vgg11"], within="vgg11", becomes="pooled")
    assert "513,000" in words(app)
    assert app.selectbox("becomes").value == "pooled"


def test_a_network_without_the_decision_is_told_and_another_one_shown() -> None:
    app = _drawn("fire", networks="vgg11")
    assert "VGG-11 (A) has no Fire module. Try SqueezeNet 1.0." in words(app)
    assert "SqueezeNet 1.0 now squeeze to" in words(app)


def test_what_no_decision_can_be_is_named() -> None:
    app = _drawn("fire", networks="squeezenet1_1", becomes="-1")
    assert "-1" in app.warning[0].value
    assert not app.dataframe[0].value.empty
