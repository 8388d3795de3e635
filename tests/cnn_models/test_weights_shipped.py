"""Weights that ship: the card is read, its digest is checked, the network is loaded strictly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from cnn_models import weights
from cnn_models.spec import Preprocessing
from cnn_models.weights import AtHand, shipping
from tests.cnn_models import tiny
from tests.cnn_models.loopback import Loopback, digest

Register = Callable[..., None]


def _ship(key: str, dataset: str, model: torch.nn.Module, **changes: Any) -> Path:
    """Put weights and their card where the project keeps them, as the training command does."""
    body = tiny.safetensors(model.state_dict())
    card = {
        "key": key,
        "dataset": dataset,
        "classes": ["disc", "star", "ring"],
        "input": [3, 8, 8],
        "preprocessing": {
            "resize": 8,
            "crop": 8,
            "interpolation": "bilinear",
            "mean": [0.5, 0.5, 0.5],
            "std": [0.25, 0.25, 0.25],
        },
        "accuracy": {"test": 0.975, "n": 600},
        "seed": 0,
        "epochs": 3,
        "sha256": digest(body),
        "licence": "MIT",
        **changes,
    }
    shipping.FOLDER.mkdir(exist_ok=True)
    path = shipping.FOLDER / f"{key}-{dataset}.safetensors"
    path.write_bytes(body)
    path.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
    return path


def test_card_is_read(register: Register) -> None:
    register(tiny.entry("tiny"))
    path = _ship("tiny", "shapes", tiny.trained(num_classes=3))
    [found] = weights.shipped("tiny")
    assert (found.key, found.dataset, found.path) == ("tiny", "shapes", path)
    assert found.classes == ("disc", "star", "ring")
    assert found.input_shape == (3, 8, 8)
    assert found.preprocessing == Preprocessing(8, 8, "bilinear", (0.5,) * 3, (0.25,) * 3)
    assert (found.accuracy, found.tested_on) == (0.975, 600)
    assert found.card["licence"] == "MIT"


def test_nothing_ships_without_a_folder(register: Register) -> None:
    register(tiny.entry("tiny"))
    assert weights.shipped_all() == ()
    with pytest.raises(weights.WeightsUnavailable, match="what ships is nothing"):
        weights.load_shipped("tiny")


@pytest.mark.parametrize("half", [False, True], ids=["float32", "float16"])
def test_loaded_network_computes_what_was_trained(register: Register, half: bool) -> None:
    register(tiny.entry("tiny"))
    trained = tiny.trained(num_classes=3)
    _ship("tiny", "shapes", trained.half() if half else trained)
    model = weights.load_shipped("tiny")
    image = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(3))
    assert torch.equal(model(image), trained.float()(image))
    assert not model.training


def test_key_is_not_a_prefix(register: Register) -> None:
    register(tiny.entry("tiny"), tiny.entry("tiny-er"))
    _ship("tiny", "shapes", tiny.trained(num_classes=3))
    _ship("tiny-er", "shapes", tiny.trained(num_classes=3))
    assert [w.key for w in weights.shipped("tiny")] == ["tiny"]
    assert len(weights.shipped_all()) == 2


def test_data_set_must_be_said_where_there_are_two(register: Register) -> None:
    register(tiny.entry("tiny"))
    one, two = tiny.trained(1, num_classes=3), tiny.trained(2, num_classes=3)
    _ship("tiny", "digits", one)
    _ship("tiny", "shapes", two)
    with pytest.raises(weights.WeightsUnavailable, match="say digits or shapes"):
        weights.load_shipped("tiny")
    loaded = weights.load_shipped("tiny", "shapes").state_dict()
    assert torch.equal(loaded["classifier.weight"], two.classifier.weight)


def test_unknown_data_set_names_what_ships(register: Register) -> None:
    register(tiny.entry("tiny"))
    _ship("tiny", "digits", tiny.trained(num_classes=3))
    with pytest.raises(
        weights.WeightsUnavailable, match=r"not ship tiny trained on birds; .* tiny on digits"
    ):
        weights.load_shipped("tiny", "birds")


def test_public_weights_asked_of_a_network_that_ships(register: Register) -> None:
    register(tiny.entry("tiny"))
    _ship("tiny", "digits", tiny.trained(num_classes=3))
    with pytest.raises(weights.WeightsUnavailable, match=r"on digits: load_shipped\('tiny'\)"):
        weights.pretrained("tiny", download=True)


def test_changed_file_is_refused(register: Register) -> None:
    register(tiny.entry("tiny"))
    path = _ship("tiny", "digits", tiny.trained(num_classes=3))
    path.write_bytes(tiny.safetensors(tiny.trained(7, num_classes=3).state_dict()))
    with pytest.raises(weights.CorruptWeights, match="missing or damaged"):
        weights.load_shipped("tiny")
    path.unlink()
    with pytest.raises(weights.CorruptWeights, match="missing or damaged"):
        weights.load_shipped("tiny")


def test_file_that_does_not_fit_its_classes_is_refused(register: Register) -> None:
    register(tiny.entry("tiny"))
    _ship("tiny", "digits", tiny.trained(num_classes=4))
    with pytest.raises(weights.CorruptWeights, match=r"tiny-digits\.safetensors for tiny"):
        weights.load_shipped("tiny")


@pytest.mark.parametrize(
    "changes", [{"classes": None}, {"accuracy": {}}, {"input": [3]}, {"preprocessing": {"crop": 1}}]
)
def test_damaged_card_is_named(register: Register, changes: dict) -> None:
    register(tiny.entry("tiny"))
    _ship("tiny", "digits", tiny.trained(num_classes=3), **changes)
    with pytest.raises(weights.CorruptWeights, match=r"tiny-digits\.json is damaged"):
        weights.shipped("tiny")


def test_what_really_ships_loads_and_is_small() -> None:
    files = weights.shipped_all()
    assert sum(found.path.stat().st_size for found in files) < 10e6
    for found in files:
        assert found.path.stem == f"{found.key}-{found.dataset}"
        model = weights.load_shipped(found.key, found.dataset)
        assert sum(p.numel() for p in model.parameters()) == found.card["parameters"]
        with torch.no_grad():
            logits = model(torch.zeros(1, *found.input_shape))
        assert logits.shape == (1, len(found.classes))
        assert logits.isfinite().all()


def test_who_is_speaking(server: Loopback, register: Register) -> None:
    body = tiny.pth(tiny.owner_state_dict(tiny.trained()))
    server.serve("/t.pth", body)
    public = tiny.public("V7", url=server.url("/t.pth"), digest=digest(body))
    register(tiny.entry("tiny", public), tiny.entry("bare"))

    assert weights.speaking("bare").at_hand is AtHand.UNTRAINED
    assert weights.speaking("bare").sentence.startswith("Untrained: random weights")

    before = weights.speaking("tiny")
    assert (before.at_hand, before.public, before.path) == (AtHand.FETCHABLE, public, None)
    assert (
        before.sentence == "Untrained until its public weights are fetched (owner V7, top-1 70.0%)"
    )

    path = weights.fetch("tiny")
    after = weights.speaking("tiny")
    assert (after.at_hand, after.path) == (AtHand.PUBLIC, path)
    assert after.sentence == "Public weights: owner V7, top-1 70.0%"

    _ship("bare", "shapes", tiny.trained(num_classes=3))
    ours = weights.speaking("bare")
    assert ours.at_hand is AtHand.SHIPPED
    assert ours.shipped == weights.shipped("bare")
    assert ours.sentence == "Trained by this project on shapes: 97.5% of 600 test images right"
