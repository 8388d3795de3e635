"""Initialisation, Gradient flow and Normalisation: records at once, or measured here."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.experiments import records
from analysis.experiments.signal import flow
from pages.parts.gradient_flow import start
from tests.pages.app import opened, words


def shown(page: str, **query: str | list[str]) -> AppTest:
    app = opened(page, **query)
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("page", "part", "charts", "said"),
    [
        ("initialisation", "layers", 1, "From layer 1 to layer 30 **He** multiplies"),
        ("initialisation", "learning", 1, "Errors after 12 epochs, mean and range: He "),
        ("gradient_flow", "start", 1, "The gradient that arrives at the first layer is"),
        ("gradient_flow", "training", 1, "The gradient that arrives at the first layer is"),
        ("gradient_flow", "surface", 2, "Over 3 seeds the loss is below 1 on"),
        ("normalisation", "rates", 1, "Fewer than 50% errors: with batch norm rates from"),
        ("normalisation", "inputs", 2, "over 3 seeds, mean and range"),
        ("normalisation", "modes", 1, "Means over 3 seeds."),
        ("normalisation", "batches", 1, "Errors on the images held out: with batch norm"),
    ],
)
def test_a_part_shows_its_record_at_once(page: str, part: str, charts: int, said: str) -> None:
    app = shown(page, part=part)
    assert len(app.get("plotly_chart")) == charts
    assert said in words(app)
    assert "seeds 0, 1 and 2" in words(app)
    assert not app.warning


def test_equal_units_and_the_root_are_measured_at_once() -> None:
    app = shown("initialisation", part="zeros", seed="1")
    assert "from **all 0.1** all are the same to the last bit" in words(app)
    said = words(shown("initialisation", part="root", rule="xavier"))
    assert "follow **2 / (n_in + n_out)** to within" in said
    assert "claim c192 on the page Lecture check" in said


def test_a_measurement_made_here_says_its_seed_and_size() -> None:
    app = shown("initialisation", made="here", seed="4", after="tanh")
    assert "Measured here from one seed, at a small size" in words(app)
    assert "functions tanh" in words(app)
    assert app.number_input(key="seed").value == 4


def test_gradients_measured_here_are_those_of_the_networks_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plans = []

    def small(depths: tuple, inits: tuple, norms: tuple, images: int) -> flow.Plan:
        plans.append((depths, inits, norms, images))
        return flow.Plan((8,), inits, norms, side=8, images=8)

    monkeypatch.setattr(start, "Plan", small)
    monkeypatch.setattr(start, "where", lambda rows, **_: rows)
    app = shown("gradient_flow", made="here", deep="20", init="he", norm="with", flow="gradient")
    assert plans == [((20,), ("he",), (True,), 32)]
    assert "The gradient of the weights of the first layer is" in words(app)


def test_nonsense_in_the_address_gets_a_sentence_and_the_usual_choice() -> None:
    app = shown("gradient_flow", part="nonsense", deep="7", norm="maybe", flow="up", seed="-3")
    assert "which this page does not have" in words(app)
    assert len(app.get("plotly_chart")) == 1


def test_a_record_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> records.Record:
        raise records.NotRecorded(name)

    monkeypatch.setattr(records, "read", missing)
    from pages.parts import measured

    measured._recorded.clear()
    app = shown("normalisation", part="modes")
    measured._recorded.clear()
    assert "There is no record 'normalisation_modes'" in words(app)
    assert "Measure it here" in words(app)
    assert not app.get("plotly_chart")


def test_networks_that_diverged_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.parts import measured

    rows = pd.DataFrame(
        [
            ("plain", 20, "he", True, 0, step, layer, "x", 1.0, 1.0, 1.0)
            for step in (0, 20)
            for layer in (1, 2, 3)
        ]
        + [("dense", 20, "he", True, 0, 0, layer, "x", 1.0, 1.0, 1.0) for layer in (1, 2, 3)],
        columns=["way", "depth", "init", "norm", "seed", "step", "layer", *flow.Layer._fields],
    )
    monkeypatch.setattr(measured, "rows", lambda *_: rows)
    app = shown("gradient_flow", part="training", deep="20", norm="with", step="20")
    (warning,) = app.warning
    assert "before step 20" in warning.value
    assert "Dense (1 of 1 seeds)" in warning.value
    assert "Plain" not in warning.value
