"""Records: how they are made, and that those which ship are those of the studies as they stand."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch

from analysis.experiments import record, records
from analysis.experiments.records import COLUMNS, NotRecorded, Record
from analysis.experiments.studies import columns, recording, reuse
from analysis.experiments.studies.catalogue import STUDIES
from analysis.experiments.studies.study import CONFIG, SEEDS, Study, arm

TINY = replace(CONFIG, epochs=2, batch_size=32)
SMALL = Study(
    "small",
    "Small",
    "Does it run?",
    tuple(
        replace(arm(f"ResNet-{depth}", "residual", TINY, depth=depth), train=64, test=40)
        for depth in (8, 14)
    ),
    lambda rows: f"{len(rows)} rows.",
    quick=("ResNet-8",),
    quick_epochs=1,
)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    torch.set_num_threads(1)
    recorder = record.Recorder(
        SMALL.question,
        lambda seeds, say: recording.recorded(SMALL, seeds, say),
        recording.settings(SMALL),
    )
    monkeypatch.setitem(record.RECORDERS, "small", recorder)
    record.record("small", (0, 4), tmp_path)
    return tmp_path


def test_a_record_holds_every_epoch_of_every_run_and_seed(made: Path) -> None:
    found = records.read("small", made)
    assert tuple(found.rows.columns) == COLUMNS
    assert len(found.rows) == 2 * 2 * 2
    assert found.seeds == (0, 4)
    assert found.card["command"] == "python -m analysis.experiments.record small --seeds 0 4"
    assert found.card["settings"][1]["options"] == {"depth": 14}
    assert set(found.rows["parameters"]) == {75_290, 172_506}  # 6n + 2 layers, option A
    assert "seeds 0 and 4" in found.origin
    assert "64 handwritten digits at 8 pixels" in found.data
    again = recording.trained(SMALL.arms[0], lambda _: None)[1]
    first = found.rows[(found.rows["run"] == "ResNet-8") & (found.rows["seed"] == 0)]
    assert list(again["train_loss"]) == pytest.approx(list(first["train_loss"]), rel=1e-5)


def test_a_run_that_diverges_leaves_the_epochs_before() -> None:
    wild = replace(SMALL.arms[0], config=replace(TINY, learning_rate=1e30, warmup=0))
    said: list[str] = []
    _, rows = recording.trained(wild, said.append)
    assert len(rows) < TINY.epochs
    assert "not a finite number at step" in said[-1]


def test_a_missing_record_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotRecorded, match=r"experiments\.record order"):
        records.read("order", tmp_path)


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        record.main(["depth"])
    assert "nothing to record" in capsys.readouterr().err


def test_the_preset_is_the_short_version() -> None:
    (run,) = SMALL.preset
    assert (run.label, run.config.epochs) == ("ResNet-8", 1)
    assert [r.config.seed for r in SMALL.full((3, 5))] == [3, 3, 5, 5]


@pytest.mark.parametrize("name", record.RECORDERS)
def test_what_ships_is_the_study_as_it_stands(name: str) -> None:
    found = records.read(name)
    now = json.loads(json.dumps(record.RECORDERS[name].settings))
    assert found.card["settings"] == now
    assert found.seeds == tuple(record.RECORDERS[name].seeds)
    assert found.card["command"] == record.command(name)


@pytest.mark.parametrize("name", STUDIES)
def test_what_ships_has_all_epochs_and_a_verdict(name: str) -> None:
    study, rows = STUDIES[name], records.read(name).rows
    counts = rows.groupby(["run", "seed"]).size()
    for run in study.arms:
        assert [counts[run.label, seed] for seed in SEEDS] == [run.config.epochs] * len(SEEDS)
    said = study.verdict(rows)
    assert said.endswith(".")
    assert "nan" not in said
    assert rows[["train_error", "test_error"]].stack().between(0, 1).all()


def test_the_columns_and_the_reuse_have_theirs() -> None:
    rows = records.read("columns").rows
    assert columns.errors(rows, columns.WITH).keys() == {
        *(f"column {number}" for number in (1, 2, 3)),
        columns.TOGETHER,
    }
    assert "In all 3 seeds it helps column 1 and column 2." in columns.verdict(rows)
    layers = rows.groupby("column")["layers"].first()
    assert [layers[f"column {number}"] for number in (1, 2, 3)] == [3, 6, 12]  # 2^(c-1), 3 blocks
    weights: pd.DataFrame = records.read("reuse").rows
    maps = [reuse.mean_map(weights, block) for block in (1, 2, 3)]
    assert [found.readers[-1] for found in maps] == ["transition", "transition", "classifier"]
    assert "over 3 seeds" in reuse.verdict(weights, 2)


@pytest.mark.parametrize(
    ("seeds", "said"),
    [([4], "seed 4 alone"), ([0, 1, 2], "seeds 0, 1 and 2"), (range(100), "seeds 0 to 99")],
)
def test_seeds_are_said_as_briefly_as_they_can_be(seeds: Sequence[int], said: str) -> None:
    card = {"date": "today", "command": "make", "seeds": list(seeds), "machine": "paper"}
    found = Record("none", pd.DataFrame(), card)
    assert found.origin == f"Recorded on today with `make`, {said}, on paper."
