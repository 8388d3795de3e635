import numpy as np
import pandas as pd
import pytest
import torch

from analysis.vision.attribution import METHODS
from analysis.vision.grading import record, sentences
from analysis.vision.grading.cheat import CHEATING, HONEST
from analysis.vision.grading.exam import draw
from analysis.vision.grading.grades import Plan, chance, examined, graded_by, summary
from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.record import recorded
from analysis.vision.grading.standing import from_record, report_card
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import knowing_shapes
from analysis.vision.voices import load, voice

KEY = "cifar_resnet20"


def test_the_record_has_every_network_method_and_measure():
    rows = recorded().rows
    assert set(rows["network"]) == {*knowing_shapes(), HONEST, CHEATING}
    for key in knowing_shapes():
        for measure in MEASURES:
            own = from_record(measure, key)
            assert own is not None
            assert set(METHODS) <= {*own.rows["method"], *_refused(key)}
            for row in own.rows.to_dict("records"):
                assert row["n"] == own.right
                assert row["low"] - 1e-6 <= row["mean"] <= row["high"] + 1e-6
    assert from_record("inside", "vgg16") is None


def _refused(key):
    from analysis.vision.attribution import refusal

    model = load(voice(key), torch.device("cpu"))
    return {method for method in METHODS if refusal(model, method)}


def test_what_is_recorded_is_computed_again():
    made = recorded().made
    plan = Plan(int(made["count"]), int(made["seed"]), made["filling"], int(made["steps"]))
    speaker = voice(KEY)
    model = Shared(load(speaker, torch.device("cpu")))
    drawn = draw(speaker.preprocessing, plan.count, plan.seed)
    exam, found = examined(model, drawn, ["saliency"])
    rows = graded_by("inside", model, exam, found, plan)
    kept = from_record("inside", KEY)
    assert kept is not None
    assert kept.right == len(exam)
    again = summary(rows, "inside").loc["saliency"].to_numpy(float)
    own = kept.rows.set_index("method").loc["saliency", ["mean", "low", "high", "n"]]
    assert own.to_numpy(float) == pytest.approx(again, abs=1e-3)
    assert kept.chance == pytest.approx(chance("inside", exam, rows), abs=1e-4)


def test_the_command_writes_what_the_page_reads(monkeypatch, tmp_path):
    monkeypatch.setattr(record, "METHODS", {"saliency": None})
    monkeypatch.setattr(record, "knowing_shapes", lambda: (KEY,))
    threads = torch.get_num_threads()
    path = tmp_path / "grading.csv"
    record.main(["--count", "2", "--seed", "3", "--file", str(path)])
    torch.set_num_threads(threads)
    text = path.read_text("utf-8")
    assert text.startswith("# command: python -m analysis.vision.grading.record --count 2 --seed 3")
    rows = pd.read_csv(path, comment="#")
    assert set(rows["method"]) == {"saliency", "edges", "random", "chance"}
    assert set(rows["network"]) == {KEY, HONEST, CHEATING}
    assert set(rows["n"]) <= {1, 2}


def test_the_table_has_a_row_for_each_network_and_method():
    table = report_card({KEY: "ResNet-20", "vgg16": "VGG-16"})
    assert set(table["Network"]) == {"ResNet-20"}
    own = from_record("deletion", KEY)
    assert own is not None
    [mean] = [r["mean"] for r in own.rows.to_dict("records") if r["method"] == "occlusion"]
    [shown] = [r["Deletion"] for r in table.to_dict("records") if r["Method"] == "Occlusion"]
    assert shown == pytest.approx(100 * mean)


ROWS = pd.DataFrame(
    [
        ("a", "saliency", 0.3, 0.25, 0.35, 9),
        ("a", "grad_cam", 0.9, 0.8, 1.0, 9),
        ("a", "edges", 0.5, 0.4, 0.6, 9),
        ("b", "saliency", 0.4, 0.38, 0.45, 9),
        ("b", "grad_cam", 0.4, 0.3, 0.8, 9),
        ("b", "edges", 0.6, 0.5, 0.7, 9),
    ],
    columns=["network", "method", "mean", "low", "high", "n"],
)


def test_the_sentence_quotes_the_best_and_the_worst():
    said = sentences.notice("inside", ROWS, {"a": 0.2}, {"a": "Net A"})
    assert said == (
        "**Net A**: Grad-CAM is first with 90.0% (95% interval 80.0% to 100.0%); Saliency is last "
        "with 30.0% (95% interval 25.0% to 35.0%). A map that knows nothing would get 20.0%; the "
        "edges of the picture, which ask no network, get 50.0%."
    )
    less_is_better = sentences.notice("deletion", ROWS, {}, {"a": "Net A"})
    assert less_is_better.startswith("**Net A**: Saliency is first with 30.0%")


def test_only_what_is_surely_behind_the_edges_on_every_network_is_named():
    assert sentences.beaten_by_edges("inside", ROWS) == (
        "On each of the 2 networks, Saliency does worse than the edges of the picture."
    )
    assert sentences.beaten_by_edges("weights", ROWS) == ""
    assert sentences.beaten_by_edges("deletion", ROWS) == ""  # Grad-CAM is behind on one alone


def test_numbers_of_pictures_are_said_once():
    assert sentences.graded_on([20, 19, 20], Plan(20)).startswith("20 and 19 of 20 pictures")
    assert np.isfinite(recorded().rows["mean"]).all()
