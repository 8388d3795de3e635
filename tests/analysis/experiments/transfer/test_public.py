"""Public weights as a start: the file of MobileNet v1's owner, filled by a recipe, is here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from analysis.experiments import runs
from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingConfig
from analysis.experiments.transfer import backbones, classifier, probe
from analysis.experiments.transfer.samples import samples
from analysis.vision.voices import Voice
from cnn_models.weights import public
from tests.cnn_models.parity import SHAPES, deterministic

KEY = "mobilenet_v1"  # clips at 6 as its owner does, and only with its owner's weights


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    torch.set_num_threads(1)
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", str(tmp_path))
    monkeypatch.setattr(public, "is_intact", lambda path, _: path.exists())
    save_file(deterministic(SHAPES["timm/mobilenetv1_100"]), public.location(public.choose(KEY)))
    return next(one for one in backbones.backbones() if one.key == KEY)


def test_a_last_layer_on_public_weights_answers_as_its_features(voice: Voice) -> None:
    assert "timm" in voice.sentence
    found = samples(3)
    seen = probe.look(voice, found)
    made = classifier.of_probe(seen)
    assert made.options == {"relu6": True}
    held = made.evaluation.numbers
    shares = made.predict_squares(found.images[held])
    assert shares == pytest.approx(made.evaluation.shares, abs=1e-4)


def test_a_run_starts_from_public_weights_with_the_options_that_they_need(voice: Voice) -> None:
    config = TrainingConfig(epochs=1, batch_size=5)
    run = Run(KEY, "folder", voice.preprocessing.crop, config=config, weights=voice.weights_name)
    started, owners = runs.network(run, 5, 3), public.pretrained(KEY)
    state = {
        name: value for name, value in started.state_dict().items() if "classifier" not in name
    }
    assert all(torch.equal(value, owners.state_dict()[name]) for name, value in state.items())
    assert runs.options_of(run) == {"relu6": True}
    features = torch.nn.Sequential(*list(started.children())[:-1]).eval()
    theirs = torch.nn.Sequential(*list(owners.children())[:-1]).eval()
    picture = torch.from_numpy(np.full((1, 3, 64, 64), 3, np.float32))
    assert torch.equal(features(picture), theirs(picture))
