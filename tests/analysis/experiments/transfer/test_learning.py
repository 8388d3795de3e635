"""Starting from trained weights: what is learned, and what stays as it is to the last bit."""

from __future__ import annotations

import shlex
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.preprocessing import StandardScaler

import cnn_models
from analysis.experiments import runs, shapes, train
from analysis.experiments.folder import Folder
from analysis.experiments.messages import Ended, Job, Report
from analysis.experiments.runs import Run
from analysis.experiments.shapes import Shapes, ShapesError
from analysis.experiments.training import TrainingConfig, TrainingError, fit
from analysis.experiments.transfer import backbones, classifier, features, head, parts, probe
from analysis.experiments.transfer.probe import Seen
from analysis.experiments.transfer.samples import CLASSES, drawn, samples
from analysis.experiments.transfer.tuning import tuning
from analysis.experiments.worker import Orders, work
from cnn_models import weights

KEY = "cifar_se_resnet20"
SHORT = TrainingConfig(epochs=1, batch_size=5, learning_rate=0.05, warmup=0)
TUNED = Run(KEY, data="folder", side=32, weights="shipped shapes", unfrozen=1, config=SHORT)


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Ten pictures a class to learn from and twenty others, as the network sees them."""
    torch.set_num_threads(1)
    learned, others = samples(10), samples(20, split="test")
    both = Folder(
        np.concatenate([learned.images, others.images]),
        np.concatenate([learned.labels, others.labels]),
        CLASSES,
    )
    return probe.look(backbones.backbone(KEY, "shipped shapes"), both)


def test_ten_pictures_of_classes_never_seen_are_enough(seen: Seen) -> None:
    found = probe.judged(seen, np.arange(50), np.arange(50, 150))
    assert found.accuracy.mean >= 0.9
    assert found.accuracy.n == 100
    expected = confusion_matrix(seen.folder.labels[50:], found.answers)
    assert np.array_equal(found.confusion(), expected)


def test_the_network_with_the_new_layer_answers_as_scikit_learn(seen: Seen) -> None:
    learned, held = np.arange(50), np.arange(50, 70)
    module = probe.network(seen, learned)
    given = classifier.answers(module, seen.folder.images[held], seen.voice.preprocessing)
    scaler = StandardScaler().fit(seen.features[learned])
    theirs = LogisticRegression(max_iter=1000).fit(
        scaler.transform(seen.features[learned]), seen.folder.labels[learned]
    )
    expected = theirs.predict_proba(scaler.transform(seen.features[held]))
    assert given == pytest.approx(expected, abs=1e-4)


def test_two_classes_answer_as_scikit_learn() -> None:
    chance = np.random.default_rng(0)
    x, y = chance.normal(size=(30, 4)), np.arange(30) % 2
    x[y == 1] += 0.5
    layer = head.fitted(x, y, 2)
    scaler = StandardScaler().fit(x)
    expected = LogisticRegression().fit(scaler.transform(x), y).predict_proba(scaler.transform(x))
    given = torch.from_numpy(layer.scores(x)).softmax(1).numpy()
    assert given == pytest.approx(expected, abs=1e-4)


def test_features_are_what_comes_into_the_last_layer(seen: Seen) -> None:
    model = weights.load_shipped(KEY, "shapes")
    recipe = seen.voice.preprocessing
    with torch.no_grad():
        scores = model(features.prepared(seen.folder.images[:3], recipe))
    with torch.no_grad():
        again = model.get_submodule("fc")(torch.from_numpy(seen.features[:3]))
    assert torch.allclose(scores, again, atol=1e-4)


def test_frozen_layers_keep_every_bit_and_the_others_move() -> None:
    found = samples(3)
    data = runs.drawn(TUNED, found)
    model = runs.network(TUNED, data.outputs, 3)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    owner = weights.load_shipped(KEY, "shapes").state_dict()
    kept = [name for name in owner if not name.startswith("fc.")]
    assert all(torch.equal(before[name], owner[name]) for name in kept)
    fit(model, data, SHORT)
    moved = {
        name.partition(".")[0]
        for name, value in model.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert moved == {"layer3", "fc"}
    means = [name for name in before if name.startswith("layer3") and "running" in name]
    assert any(not torch.equal(model.state_dict()[name], before[name]) for name in means)


@pytest.mark.parametrize("key", ["resnet18", "vgg11_bn", "convnext_tiny", "squeezenet1_1"])
def test_every_weight_belongs_to_one_part(key: str) -> None:
    found = parts.of_key(key)
    with torch.device("meta"):
        model = cnn_models.build(key)
    named = [found.head, *(name for names in found.stages.values() for name in names)]
    assert len(named) == len(set(named))
    own = {name for name, one in model.named_modules() if [*one.parameters(recurse=False)]}
    assert own == set(named)
    stages = list(found.stages)
    assert found.trained(0) == {found.head}
    assert found.trained(1) == {found.head, *found.stages[stages[-1]]}


def test_a_run_goes_through_the_worker_and_comes_back_as_a_classifier() -> None:
    found = samples(3)
    reports: list[Report] = []
    work(Job((TUNED,), found), Orders(), reports.append)
    ended = next(one for one in reports if isinstance(one, Ended))
    assert ended.problem == ""
    made = classifier.of_run(TUNED, ended.weights, found)
    assert made.evaluation.numbers.tolist() == found.split(0)[1].tolist()
    assert made.making.learned == dict.fromkeys(CLASSES, 2)
    assert "The last layer and the stage before it were trained" in made.making.how
    with pytest.raises(TrainingError, match="were too large to be kept"):
        classifier.of_run(TUNED, b"", found)


def test_the_command_repeats_the_run() -> None:
    line = TUNED.command().split("experiments.train ")[1]
    assert "--weights 'shipped shapes' --unfrozen 1" in line
    again, _ = train.parsed(shlex.split(line))
    assert replace(again, label=TUNED.label) == TUNED


def drawn_and_built(run: Run) -> None:
    runs.check(run, samples(2))
    runs.network(run, 5, 3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"weights": "shipped cats"}, "it can start from 'shipped shapes'"),
        ({"network": "resnet9"}, "no network called 'resnet9'"),
        ({"network": "vgg11"}, "no weights of it are on this machine"),
        ({"side": 48}, "want pictures of 32 pixels"),
        ({"unfrozen": 9}, "9 stages cannot be trained; there are 4"),
        ({"network": "residual", "weights": "", "options": {"depth": 8}}, "Only networks of the"),
    ],
)
def test_what_cannot_be_started_is_said(change: dict[str, object], why: str) -> None:
    run = replace(TUNED, **change)  # type: ignore[arg-type]
    with pytest.raises(TrainingError, match=why):
        drawn_and_built(run)


def test_the_new_shapes_are_none_of_the_ten_and_repeat() -> None:
    assert not set(CLASSES) & set(shapes.CLASSES)
    assert np.array_equal(drawn(7, 3).image, drawn(7, 3).image)
    assert not np.array_equal(drawn(7, 3).image, drawn(7, 3, "test").image)
    assert drawn(7).mask.sum() > 50
    assert int(Shapes(0, "test")[7].image.sum()) == 1_415_583  # as before there were these
    with pytest.raises(ShapesError, match="2 to 200 pictures a class, not 1"):
        samples(1)


def test_as_many_steps_are_made_whatever_the_number_of_pictures() -> None:
    for count in (4, 50, 300):
        for fresh, steps in ((False, 150), (True, 600)):
            found = tuning(count, fresh=fresh)
            assert found.epochs * (count // found.batch_size) == pytest.approx(steps, rel=0.25)
    assert tuning(5, fresh=True).learning_rate > tuning(5).learning_rate
