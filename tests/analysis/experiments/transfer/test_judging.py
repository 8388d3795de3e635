"""Held-out pictures, the numbers over them, doubled pictures, and the zip that goes home."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import precision_score, recall_score

from analysis.charts import transfer as charts
from analysis.experiments import records
from analysis.experiments.folder import Folder, FolderError, read
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import (
    backbones,
    classifier,
    export,
    leaks,
    parts,
    probe,
    study,
    verdict,
)
from analysis.experiments.transfer.evaluation import Evaluation
from analysis.experiments.transfer.folds import folds, most_folds
from analysis.experiments.transfer.samples import drawn, samples
from analysis.experiments.uploads import Upload

ROOT = Path(__file__).parents[4]


def files(index: int, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(drawn(index).image).save(buffer, kind, **options)
    return buffer.getvalue()


def answered(truth: list[int], answers: list[int], sure: float = 0.8) -> Evaluation:
    shares = np.full((len(truth), 3), (1 - sure) / 2)
    shares[np.arange(len(truth)), answers] = sure
    numbers = np.arange(len(truth)) * 10
    nothing = np.zeros(len(truth), np.int64)
    return Evaluation(("a", "b", "c"), numbers, np.array(truth), shares, nothing)


@given(
    counts=st.lists(st.integers(2, 9), min_size=2, max_size=4),
    count=st.integers(2, 9),
    seed=st.integers(0, 50),
)
@settings(max_examples=30, deadline=None)
def test_folds_hold_every_picture_out_once_and_every_class_is_learned(
    counts: list[int], count: int, seed: int
) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    names = tuple("abcd"[: len(counts)])
    found = Folder(np.zeros((len(labels), 3, 1, 1), np.uint8), labels, names)
    if count > most_folds(found):
        with pytest.raises(TrainingError, match="folds cannot be made: take 2 to"):
            folds(found, count, seed)
        return
    turns = folds(found, count, seed)
    held = np.concatenate([part for _, part in turns])
    assert sorted(held.tolist()) == list(range(len(labels)))
    for learned, part in turns:
        assert not set(learned) & set(part)
        assert set(labels[learned]) == set(range(len(counts)))


def test_numbers_are_those_of_scikit_learn_and_name_the_pictures() -> None:
    truth, answers = [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2]
    found = answered(truth, answers)
    assert found.confusion().tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert found.behind(0, 1).tolist() == [20]
    table = found.per_class()
    assert table["precision"].tolist() == pytest.approx(
        np.asarray(precision_score(truth, answers, average=None))  # type: ignore[arg-type]  # stub lacks None
    )
    assert table["recall"].tolist() == pytest.approx(
        np.asarray(recall_score(truth, answers, average=None))  # type: ignore[arg-type]  # stub lacks None
    )
    assert [mistake.number for mistake in found.mistakes()] == [20, 40]
    assert found.summary == (
        "4 of 6 pictures right, held out: 66.7% (95% interval 30.0% to 90.3%). "  # Wilson 1927
        "Found least often: b (50.0%)."
    )
    assert found.reliability().error == pytest.approx(0.8 - 4 / 6)
    shown, dark, light = charts.confusion(found).to_plotly_json()["data"]
    assert shown["text"] == found.confusion().tolist()
    assert list(dark["text"]) == ["2", "1"]  # two thirds of a row and a whole one
    assert sorted(light["text"]) == ["0", "0", "0", "0", "1", "1", "1"]


def test_a_class_that_is_never_answered_has_no_precision() -> None:
    table = answered([0, 1, 2], [0, 0, 2]).per_class()
    assert np.isnan(table["precision"].tolist()[1])
    assert table["recall"].tolist()[1] == 0


def test_a_picture_saved_again_is_found_in_another_class_and_in_its_own() -> None:
    found = read(
        [Upload(f"one/{i}.png", files(i, "PNG")) for i in range(3)]
        + [Upload(f"two/{i}.png", files(i, "PNG")) for i in range(5, 8)]
        + [Upload("two/again.jpg", files(0, "JPEG", quality=90))]
        + [Upload("one/again.jpg", files(2, "JPEG", quality=90))]
    )
    across, within = leaks.warnings(found)
    assert across.startswith(
        "1 pair of pictures looks the same and is in two classes: one and two."
    )
    assert within.startswith("1 pair of pictures in one looks the same.")
    assert leaks.warnings(samples(10)) == ()


def test_one_class_an_empty_one_and_broken_files_are_said() -> None:
    good = [Upload(f"one/{i}.png", files(i, "PNG")) for i in range(2)]
    with pytest.raises(FolderError, match="There is one class, one"):
        read(good)
    broken = Upload("three/x.png", b"\x89PNG\r\n\x1a\nno")
    other = [Upload(f"<b>[two](x)|=1/{i}.png", files(i + 2, "PNG")) for i in range(2)]
    found = read([*good, *other, broken])
    assert found.classes == ("b two x 1", "one")
    assert [problem.file for problem in found.problems] == ["x.png"]
    assert "three has no picture that can be used and is left out." in found.summary


@pytest.fixture(scope="module")
def made() -> classifier.Classifier:
    torch.set_num_threads(1)
    names = ("bolt", "drop", "frame", "hourglass", "leaf’s ß")
    found = replace(samples(5), classes=names)
    return classifier.of_probe(probe.look(backbones.backbones()[0], found))


def test_the_zip_answers_in_a_fresh_process_as_the_app(
    made: classifier.Classifier, tmp_path: Path
) -> None:
    whole = export.zipped(made)
    assert whole == export.zipped(made)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(tmp_path)
    picture = Image.fromarray(drawn(1, split="test").image).resize((150, 110))
    picture.save(tmp_path / "picture.png")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "predict.py"), str(tmp_path / "picture.png")],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    lines = [line.split("  ", 1) for line in done.stdout.splitlines()[1:]]
    theirs = {name: float(share) for share, name in lines}
    ours = dict(zip(made.classes, made.predict([picture])[0].tolist(), strict=True))
    assert theirs == pytest.approx(ours, abs=2e-5)
    assert json.loads((tmp_path / "labels.json").read_text("utf-8"))["classes"] == [*made.classes]
    card = (tmp_path / "model_card.md").read_text("utf-8")
    assert "99.5% of 3000 test images right" in card
    assert "| bolt | 4 | 1 |" in card
    assert "--weights 'shipped shapes' --pictures FOLDER --seed 0" in card
    assert export.file_name(made) == "cifar_se_resnet20-5-classes.zip"


def test_cross_validation_judges_each_picture_once() -> None:
    chance = np.random.default_rng(0)
    found = samples(5)
    signal = np.eye(5)[found.labels] * 4 + chance.normal(size=(25, 5))
    seen = probe.Seen(backbones.backbones()[0], found, signal.astype(np.float32))
    judged = probe.cross_validated(seen, 5, seed=1)
    assert judged.numbers.tolist() == list(range(25))
    assert np.bincount(judged.folds).tolist() == [5] * 5
    assert judged.accuracy.mean > 0.8
    assert "each held out once" in judged.summary
    some = judged.folds != 0
    first = probe.judged(seen, np.flatnonzero(some), np.flatnonzero(~some))
    assert np.allclose(first.shares, judged.shares[~some])


def test_the_record_is_of_the_plan_as_it_stands() -> None:
    found = records.read("transfer")
    assert found.card["settings"] == json.loads(json.dumps(study.settings()))
    each = len(study.SHOTS) + 1 + len(study.planned())
    assert len(found.rows) == each * len(found.seeds)
    assert len(parts.of_key(study.FIRST).stages) == study.STAGES
    said = verdict.verdict(found.rows)
    tuned = found.rows[(found.rows["way"] == study.PROBE) & (found.rows["shots"] == study.FIXED)]
    assert f"is right on {100 * tuned['accuracy'].mean():.1f}%" in said
    assert len(charts.shots(found.rows).to_plotly_json()["data"]) == 2 * 3
    assert len(charts.unfrozen(found.rows).to_plotly_json()["data"]) == 2
