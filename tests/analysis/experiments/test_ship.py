import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

import cnn_models
from analysis.experiments import datasets, ship
from analysis.experiments.data import Split
from analysis.experiments.digits import digits
from analysis.experiments.shapes import Shapes
from analysis.experiments.training import accuracy
from analysis.vision.digit import normalise_digit
from cnn_models.spec import Preprocessing

NAMES = tuple(ship.RECIPES)
SAMPLES = ship.WEIGHTS.parent / "samples"
PHOTOGRAPHS = sorted(SAMPLES.glob("digit-*.jpg"))


def _card(name):
    return json.loads((ship.WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))


def _network(name):
    card = _card(name)
    model = cnn_models.build(card["key"], num_classes=len(card["classes"]))
    model.load_state_dict(load_file(ship.WEIGHTS / f"{name}.safetensors"), strict=True)
    return model.eval()


@pytest.fixture(scope="module")
def unseen():
    """The first 500 pictures of the test split, by side."""
    data = Shapes(seed=0, split="test")
    return {side: datasets.shapes_split(data, 500, side) for side in (32, 64)}


def test_each_recipe_has_its_weights_and_nothing_else_ships():
    assert {path.stem for path in ship.WEIGHTS.glob("*.safetensors")} == set(NAMES)
    assert {path.stem for path in ship.WEIGHTS.glob("*.json")} == set(NAMES)


def test_all_weights_together_are_under_ten_megabytes():
    assert sum(path.stat().st_size for path in ship.WEIGHTS.iterdir()) < 10_000_000


@pytest.mark.parametrize("name", NAMES)
def test_a_card_describes_its_file(name):
    card = _card(name)
    content = (ship.WEIGHTS / f"{name}.safetensors").read_bytes()
    assert card["sha256"] == hashlib.sha256(content).hexdigest()
    assert f"{card['key']}-{card['dataset']}" == name
    assert card["command"].endswith(f"ship {name}")
    assert len(card["classes"]) == 10
    assert card["parameters"] == sum(p.numel() for p in _network(name).parameters())
    channels, height, width = card["input"]
    assert _network(name)(torch.zeros(1, channels, height, width)).shape == (1, 10)
    for field in ("seed", "epochs", "data", "machine", "date", "seconds", "licence"):
        assert card[field] not in (None, "")


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("shapes")])
def test_networks_recognise_nine_shapes_in_ten_that_they_never_saw(name, unseen):
    card = _card(name)
    prepare = datasets.normalised(Preprocessing(**card["preprocessing"]))
    share = accuracy(_network(name), unseen[card["input"][1]], prepare)
    assert share >= 0.9
    assert share == pytest.approx(card["accuracy"]["test"], abs=0.03)  # 500 of the card's images
    assert card["accuracy"]["n"] >= 2000


def test_lenet_reads_the_held_out_digits_as_its_card_says():
    card = _card("lenet5_modern-digits")
    held = digits(card["seed"]).test
    assert len(held.labels) == card["accuracy"]["n"] == 599
    share = accuracy(_network("lenet5_modern-digits"), held)
    assert share >= 0.97
    assert share == pytest.approx(card["accuracy"]["test"], abs=0.002)  # one digit of rounding


@pytest.mark.parametrize("path", PHOTOGRAPHS, ids=lambda path: path.stem)
def test_lenet_reads_the_photographs(path):
    with Image.open(path) as photograph:
        ink = normalise_digit(photograph).tensor
    logits = _network("lenet5_modern-digits")(ink[None]).detach()
    probabilities = logits.softmax(1)[0]
    assert int(probabilities.argmax()) == int(path.stem[-1])
    assert float(probabilities.max()) > 0.5


def test_a_command_writes_the_same_weights_again(tmp_path: Path):
    recipe = ship.RECIPES["lenet5_modern-digits"]
    quick = replace(recipe, config=replace(recipe.config, epochs=1))
    first = ship.ship(quick, tmp_path / "first")
    second = ship.ship(quick, tmp_path / "second")
    assert first["sha256"] == second["sha256"]
    model = cnn_models.build("lenet5_modern", num_classes=10)
    model.load_state_dict(load_file(tmp_path / "first" / "lenet5_modern-digits.safetensors"))
    data = digits(0)
    written = json.loads((tmp_path / "first" / "lenet5_modern-digits.json").read_text("utf-8"))
    assert written["accuracy"]["test"] == pytest.approx(accuracy(model, data.test), abs=1e-4)


@pytest.mark.parametrize("arguments", [[], ["lenet6-digits"]])
def test_a_name_that_is_not_a_recipe_is_refused_with_those_that_are(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        ship.main(arguments)
    assert stopped.value.code == 2
    assert "lenet5_modern-digits" in capsys.readouterr().err


def test_sample_shapes_are_recognised():
    card = _card("cifar_resnet20-shapes")
    files = sorted(SAMPLES.glob("shape-*.png"))
    names = [path.stem.removeprefix("shape-") for path in files]
    pictures = [datasets.resized(_pixels(path), 32) for path in files]
    images = torch.stack([torch.from_numpy(p.copy()).permute(2, 0, 1) for p in pictures])
    labels = torch.tensor([card["classes"].index(name) for name in names])
    prepare = datasets.normalised(Preprocessing(**card["preprocessing"]))
    assert accuracy(_network("cifar_resnet20-shapes"), Split(images, labels), prepare) == 1


def _pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture)
