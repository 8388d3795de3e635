"""The Transfer page: pictures, training, evaluation and use, one after the other."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from analysis.experiments import folder
from analysis.experiments.transfer import samples
from analysis.experiments.uploads import Upload
from pages.parts.data_sets.shots import Shot
from pages.parts.transfer import held
from tests.pages.app import opened, words

COLOURS = (("cup", "red"), ("a/b", "blue"))


def png(colour: str, number: int) -> bytes:
    """A picture of one colour, a little larger each time, so that no two are the same."""
    buffer = io.BytesIO()
    Image.new("RGB", (20 + number, 20), colour).save(buffer, "PNG")
    return buffer.getvalue()


def button(app, label):
    return next(one for one in app.button if one.label == label)


def step(app, name):
    """Go to another part of the page, as a click on its button does."""
    app.segmented_control(key="transfer").set_value(name).run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def taught():
    """A session that has fitted a last layer to the sample set."""
    app = opened("transfer", each="10")
    assert not app.exception
    assert "50 pictures of 5 classes" in words(app)
    step(app, "train")
    button(app, "Train").click().run()
    assert not app.exception
    return app


def test_a_last_layer_is_fitted_to_the_sample_set(taught) -> None:
    said = words(step(taught, "train"))
    assert "SE-ResNet-20" in said
    assert "of 10 pictures right, held out" in said


def test_every_picture_is_judged_once(taught) -> None:
    app = step(taught, "evaluate")
    assert "of 50 pictures right, each held out once" in words(app)
    table = app.dataframe[0].value
    assert list(table["class"]) == ["bolt", "drop", "frame", "hourglass", "leaf"]
    assert table["pictures"].sum() == 50


def test_it_answers_to_a_picture_and_speaks_on_predict(taught) -> None:
    app = step(taught, "use")
    assert "Your classifier says **" in words(app)
    assert "# A classifier of 5 classes" in words(app)


def test_before_anything_is_learned_the_steps_say_so() -> None:
    for part in ("evaluate", "use"):
        app = opened("transfer", transfer=part)
        assert not app.exception
        assert "There is no classifier yet" in words(app)


def test_a_whole_network_is_trained_in_the_queue_and_becomes_the_classifier() -> None:
    app = opened("transfer", transfer="train", way="stage")
    assert not app.exception
    assert "multiply-adds" in words(app)


def test_the_first_stage_that_learns_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr("pages.parts.training.shop.start", lambda *given: started.append(given))
    app = opened("transfer", transfer="train", way="stage", since="2")
    assert not app.exception
    stages = app.selectbox(key="since").options
    assert stages[:2] == ["layer3 (1 stage)", "layer2 (2 stages)"]
    button(app, "Train").click().run()
    [run] = started[0][0]
    assert run.unfrozen == 2
    assert run.label.endswith("last 2 stages too")
    assert app.query_params["since"] == "2"


def test_shots_of_the_camera_fall_into_their_classes() -> None:
    taken = [
        Shot(f"{colour}{number}", name, png(colour, number))
        for name, colour in COLOURS
        for number in range(2)
    ]
    found = folder.read([Upload(shot.name, shot.getvalue()) for shot in taken])
    assert found.counts() == {"a b": 2, "cup": 2}


def test_the_camera_asks_for_a_class_first() -> None:
    app = opened("transfer", lesson="own", own="camera")
    assert not app.exception
    assert app.text_input[0].label == "Class of the next pictures"


def test_the_same_pictures_under_other_names_or_labels_are_another_lesson() -> None:
    found = samples.samples(2)
    renamed = replace(found, classes=tuple(reversed(found.classes)))
    moved = replace(found, labels=found.labels[::-1].copy())
    assert len({held.name_of(one) for one in (found, renamed, moved)}) == 3
    assert held.name_of(replace(found)) == held.name_of(found)
