"""The measurements as the pages and the command take them."""

import pandas as pd
import pytest
import torch

from analysis.experiments import records
from analysis.experiments.record import RECORDERS
from analysis.experiments.signal import learning, measurements
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.learning import Plan
from analysis.experiments.signal.measurements import MEASUREMENTS, Measurement
from analysis.experiments.signal.small_digits import HELD, LEARNED, digits
from analysis.experiments.signal.steps import train
from analysis.experiments.training import TrainingConfig


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_each_has_a_record_of_three_seeds_that_the_command_makes(name: str) -> None:
    assert name in RECORDERS
    record = records.read(name)
    assert record.seeds == measurements.SEEDS
    assert set(record.rows["seed"]) == set(measurements.SEEDS)
    assert record.card["command"] == f"python -m analysis.experiments.record {name}"
    assert {key: _plain(value) for key, value in MEASUREMENTS[name].settings.items()} == dict(
        record.card["settings"]
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_rows_of_several_seeds_follow_each_other_and_progress_only_grows() -> None:
    def measure(plan: int, seed: int, report: object) -> pd.DataFrame:
        for done in range(plan):
            report(done, plan)  # type: ignore[operator]
        return pd.DataFrame({"seed": [seed] * plan})

    said: list[tuple[int, int]] = []
    rows = Measurement("name", "Why?", measure, 5, 2).rows(
        2, [7, 8], lambda done, total: said.append((done, total))
    )
    assert rows["seed"].tolist() == [7, 7, 8, 8]
    assert said == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_digits_are_split_by_the_seed() -> None:
    data, other = digits(8, 0), digits(8, 1)
    assert data.train.images.shape == (LEARNED, 3, 8, 8)
    assert len(data.test.labels) == HELD
    assert float(data.train.images.mean()) == pytest.approx(0, abs=0.05)
    assert not torch.equal(data.test.labels, other.test.labels)
    large = digits(16, 0).train.images
    assert torch.equal(large[..., ::2, 1::2], data.train.images)
    with pytest.raises(ValueError, match="The side is 12"):
        digits(12)


def test_so_many_steps_are_made_and_no_more() -> None:
    data = digits(8)
    layer = torch.nn.Linear(192, 10)
    model = torch.nn.Sequential(torch.nn.Flatten(), layer)
    config = TrainingConfig(batch_size=64, learning_rate=0.01, warmup=0, schedule="constant")
    steps: list[int] = []
    assert train(model, data, config, 23, lambda at: steps.append(at.step))
    assert steps == list(range(1, 24))
    before = layer.weight.detach().clone()
    assert train(model, data, config, 0, lambda at: steps.append(at.step))
    assert torch.equal(layer.weight, before)


def test_of_deep_networks_only_that_of_he_learns() -> None:
    plan = Plan(layers=16, width=48, epochs=4, rate=0.01)
    rows = learning.over_seeds(learning.measure(plan, 1))
    ends = where(rows, epoch=4).set_index("start").to_dict("index")
    errors = {name: end["mean"] for name, end in ends.items()}
    assert errors.pop("he") < 0.75
    assert min(errors.values()) > 0.8
    assert ends["he_root"]["diverged"] == 1
    assert "He with a root diverged" in learning.sentence(rows)
