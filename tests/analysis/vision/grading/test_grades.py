import numpy as np
import pytest
import torch
from torch import nn

from analysis.vision.grading.cascade import cascade
from analysis.vision.grading.cheat import (
    CHEATING,
    HONEST,
    KEY,
    both_right,
    draw_tagged,
    exposed,
    in_all,
    told,
)
from analysis.vision.grading.exam import Exam, answered, draw, small_mask
from analysis.vision.grading.example import example, verdict
from analysis.vision.grading.explained import Explained, explained
from analysis.vision.grading.grades import (
    Plan,
    against_truth,
    chance,
    examined,
    grade,
    graded_by,
    summary,
)
from analysis.vision.grading.measures import MEASURES
from analysis.vision.probe import Shared
from analysis.vision.voices import load, voice

HONEST_VOICE, CHEATING_VOICE = voice(KEY, HONEST), voice(KEY, CHEATING)
PLAN = Plan(count=3, steps=4)
METHODS = ("saliency", "grad_cam")


@pytest.fixture(scope="module")
def honest():
    return Shared(load(HONEST_VOICE, torch.device("cpu")))


@pytest.fixture(scope="module")
def cheating():
    return Shared(load(CHEATING_VOICE, torch.device("cpu")))


def means(rows, measure) -> dict[str, float]:
    return {str(m): row["mean"] for m, row in summary(rows, measure).to_dict("index").items()}


class Corner(nn.Module):
    """Two classes; looks at the brightness of the upper left quarter alone."""

    def forward(self, x):
        seen = x[:, :, :4, :4].sum(dim=(1, 2, 3))
        return torch.stack([seen, -seen], dim=1)


def corner_exam(quarter):
    mask = np.zeros((2, 8, 8), bool)
    mask[(slice(None), *quarter)] = True
    inputs = torch.ones(2, 3, 8, 8)
    pictures = np.full((2, 8, 8, 3), 255, np.uint8)
    return Exam(pictures, inputs, torch.zeros_like(inputs), mask, np.array([0, 0]))


@pytest.mark.parametrize(
    ("quarter", "expected"),
    [((slice(0, 4), slice(0, 4)), 1.0), ((slice(4, 8), slice(4, 8)), 0.0)],
)
def test_a_network_that_looks_at_one_quarter_is_graded_by_where_the_object_is(quarter, expected):
    exam = corner_exam(quarter)
    exam, found = examined(Corner(), exam, ["saliency"])
    rows = graded_by("inside", Corner(), exam, found)
    assert summary(rows, "inside")["n"].to_list() == [2, 2, 2]
    assert means(rows, "inside")["saliency"] == expected
    assert means(rows, "pointing")["saliency"] == expected
    assert chance("inside", exam, rows) == 0.25


def test_taking_away_what_the_network_looks_at_is_seen_in_the_curves():
    exam, found = examined(Corner(), corner_exam((slice(0, 4), slice(0, 4))), ["saliency"])
    rows = graded_by("deletion", Corner(), exam, found, Plan(steps=4))
    # 16 of 64 pixels matter: after the first of four steps the score is 0, so the probability 1/2
    assert means(rows, "deletion")["saliency"] == pytest.approx(0.5625, abs=1e-4)
    # put in first, they give the whole score at once
    assert means(rows, "insertion")["saliency"] == pytest.approx(0.9375, abs=1e-4)


def test_pictures_that_the_network_does_not_name_are_not_graded():
    exam = corner_exam((slice(0, 4), slice(0, 4)))
    wrong = Exam(exam.pictures, exam.inputs, exam.absent, exam.masks, np.array([0, 1]))
    assert answered(Corner(), wrong).tolist() == [0]
    assert len(examined(Corner(), wrong, ["saliency"])[0]) == 1
    none = Exam(exam.pictures, exam.inputs, exam.absent, exam.masks, np.array([1, 1]))
    with pytest.raises(ValueError, match="none of these 2 pictures"):
        examined(Corner(), none, ["saliency"])


def test_all_measures_of_a_trained_network(honest):
    steps = []
    found = grade(honest, HONEST_VOICE, METHODS, PLAN, lambda *step: steps.append(step))
    assert (found.drawn, found.right) == (3, 3)
    assert set(found.rows["method"]) == {*METHODS, "edges", "random"}
    assert len(found.rows) == 4 * 3
    shares = [done / total for done, total in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for measure in MEASURES:
        for row in summary(found.rows, measure).to_dict("records"):
            assert row["low"] <= row["mean"] <= row["high"]
    likeness = means(found.rows, "weights")
    assert likeness["edges"] == pytest.approx(1)  # an edge detector does not look at the network
    assert likeness["saliency"] < 0.7
    inside = means(found.rows, "inside")
    assert inside["grad_cam"] > inside["random"] + 0.1


def test_one_seed_gives_one_grading(honest):
    one, again = (grade(honest, HONEST_VOICE, METHODS[:1], Plan(2, steps=4)) for _ in range(2))
    assert one.rows.equals(again.rows)


def test_work_that_is_stopped_leaves_the_network_free(honest):
    class Stopped(Exception):
        pass

    def stop(done, _total):
        if done > 3:
            raise Stopped

    with pytest.raises(Stopped):
        grade(honest, HONEST_VOICE, METHODS, PLAN, stop)
    assert honest.lock.acquire(blocking=False)
    honest.lock.release()
    assert not any(module._forward_hooks for module in honest.model.modules())


def test_a_method_that_is_refused_is_named_with_its_reason():
    exam = corner_exam((slice(0, 4), slice(0, 4)))
    found = explained(Corner(), exam, ["saliency", "grad_cam"])
    assert list(found.maps) == ["saliency"]
    assert "Grad-CAM" in found.refused["grad_cam"] or "layer" in found.refused["grad_cam"]


def test_the_exam_is_what_the_network_takes_and_the_truth_about_it():
    exam = draw(HONEST_VOICE.preprocessing, 4)
    assert exam.inputs.shape == (4, 3, 32, 32)
    assert exam.labels.tolist() == [0, 1, 2, 3]
    mean, std = HONEST_VOICE.preprocessing.mean[0], HONEST_VOICE.preprocessing.std[0]
    seen = exam.inputs.permute(0, 2, 3, 1).numpy() * std + mean
    assert seen * 255 == pytest.approx(exam.pictures, abs=1e-3)
    changed = (exam.inputs != exam.absent).any(dim=1).numpy()
    assert (changed & exam.masks).sum() > 0.95 * exam.masks.sum()
    with pytest.raises(ValueError, match="take 1 or more"):
        draw(HONEST_VOICE.preprocessing, 0)


def test_a_pixel_is_the_objects_if_half_of_it_is():
    fine = np.array([[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 1, 0]], bool)
    assert small_mask(fine, 2).tolist() == [[True, False], [False, True]]


def test_the_cheat_is_exposed(honest, cheating):
    networks = {CHEATING: cheating, HONEST: honest}
    drawn = both_right(networks, draw_tagged(HONEST_VOICE.preprocessing, 4))
    rows = exposed(networks, drawn, ["saliency"])
    found = {name: means(rows.query("network == @name"), "tag") for name in networks}
    area = drawn.tags.mean()
    assert area == pytest.approx(25 / 1024)
    assert found[CHEATING]["saliency"] > 10 * area
    assert found[HONEST]["saliency"] < 3 * area
    assert found[CHEATING]["edges"] == found[HONEST]["edges"]


def test_a_lying_tag_is_believed_by_the_cheat_alone(honest, cheating):
    drawn = draw_tagged(HONEST_VOICE.preprocessing, 3, tag="lying")
    for place in range(3):
        fooled, right = (told(model, drawn, place, "saliency") for model in (cheating, honest))
        assert fooled.named == fooled.said == drawn.said[place]
        assert right.named == right.label == place
        assert fooled.on_tag > right.on_tag


def test_places_in_all_lists():
    assert in_all([np.array([0, 2, 3]), np.array([3, 2, 5])]).tolist() == [2, 3]
    with pytest.raises(ValueError, match="draw more"):
        in_all([np.array([0]), np.array([1])])


@pytest.mark.parametrize("measure", MEASURES)
def test_an_example_has_the_grades_of_its_picture(honest, measure):
    exam = draw(HONEST_VOICE.preprocessing, 3)
    found = example(measure, honest, exam, 1, METHODS, PLAN)
    rows = graded_by(measure, honest, exam, explained(honest, exam, METHODS), PLAN)
    own = rows[rows["picture"] == 1].set_index("method")[measure]
    assert found.label == 1
    for method in METHODS:
        assert found.grades[method] == pytest.approx(own[method], abs=1e-5)
        assert verdict(measure, found.grades[method])
    assert (found.run is None) == (MEASURES[measure].group != "pixels")
    assert bool(found.forgot) == (measure == "weights")


def test_the_cascade_starts_with_the_map_itself_and_ends_with_all_layers(honest):
    exam = draw(HONEST_VOICE.preprocessing, 2)
    maps = explained(honest, exam, ["saliency"])
    found = cascade(honest, exam, maps, seed=1)
    own = {row["layers"]: row["mean"] for row in found.rows.to_dict("records")}
    assert own[0] == 1
    assert max(own) == found.layers == 39  # 19 convolutions, a norm after each, 1 linear
    whole = graded_by("weights", honest, exam, maps, Plan(seed=1))
    assert own[found.layers] == pytest.approx(means(whole, "weights")["saliency"])


def test_measures_and_maps_are_what_they_should_be():
    exam = corner_exam((slice(0, 4), slice(0, 4)))
    with pytest.raises(ValueError, match="no measure 'beauty'"):
        graded_by("beauty", Corner(), exam, Explained({}, {}))
    rows = against_truth({"saliency": exam.masks.astype(np.float32)}, exam)
    assert rows[["pointing", "inside"]].to_numpy().tolist() == [[1, 1], [1, 1]]
