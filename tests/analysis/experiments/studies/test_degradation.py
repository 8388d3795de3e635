"""The lesson itself: more plain layers train worse, and shortcuts mend it."""

from dataclasses import replace

import pytest
import torch

from analysis.experiments import records
from analysis.experiments.studies import degradation
from analysis.experiments.studies.recording import trained
from analysis.experiments.studies.spread import spread, wins
from analysis.experiments.studies.study import CONFIG


@pytest.fixture(scope="module")
def errors() -> dict[str, float]:
    """Training errors after four epochs, with the first seed."""
    torch.set_num_threads(1)
    quick = replace(CONFIG, epochs=4)
    runs = {run.label: replace(run, config=quick) for run in degradation.STUDY.arms}
    asked = (degradation.PLAIN20, degradation.PLAIN56, degradation.RES56)
    return {
        label: float(trained(runs[label], lambda _: None)[1]["train_error"].iloc[-1])
        for label in asked
    }


def test_the_deeper_plain_network_has_the_higher_training_error(errors: dict[str, float]) -> None:
    assert errors[degradation.PLAIN56] > errors[degradation.PLAIN20] + 0.1


def test_the_deep_residual_network_does_not(errors: dict[str, float]) -> None:
    assert errors[degradation.RES56] < errors[degradation.PLAIN56] - 0.2
    assert errors[degradation.RES56] < errors[degradation.PLAIN20] + 0.02


def test_the_record_agrees_in_every_seed() -> None:
    rows = records.read("degradation").rows
    for better in (degradation.PLAIN20, degradation.RES20, degradation.RES56):
        assert wins(rows, better, degradation.PLAIN56, "train_error") == (3, 3)
    assert wins(rows, degradation.RES56, degradation.PLAIN20, "train_error") == (3, 3)
    said = degradation.verdict(rows)
    assert "this is not overfitting" in said
    assert str(spread(rows, degradation.PLAIN56, "train_error")) in said
