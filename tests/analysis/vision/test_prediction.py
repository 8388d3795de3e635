import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from analysis.vision import device as device_module
from analysis.vision.device import OUT_OF_MEMORY, best_device, device_of, run_with_fallback
from analysis.vision.prediction import imagenet_classes, predict, top_k
from analysis.vision.probe import Shared

CPU, META = torch.device("cpu"), torch.device("meta")


class Fixed(nn.Module):
    """Gives the same scores whatever it sees."""

    def __init__(self, *scores: float) -> None:
        super().__init__()
        self.register_buffer("scores", torch.tensor([scores]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.get_buffer("scores").expand(len(x), -1)


def test_softmax_by_hand():
    probabilities = predict(Fixed(0.0, math.log(2), math.log(5)), torch.zeros(2, 1, 4, 4))
    assert probabilities.dtype == np.float32
    assert probabilities.shape == (2, 3)
    np.testing.assert_allclose(probabilities, [[1 / 8, 2 / 8, 5 / 8]] * 2, rtol=1e-6)


def test_huge_scores_do_not_overflow():
    np.testing.assert_allclose(predict(Fixed(1e30, 0.0), torch.zeros(1, 1, 1, 1)), [[1, 0]])


def test_evaluation_mode_is_used_and_left():
    model = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.Linear(4, 2)).train()
    x = torch.randn(1, 1, 2, 2)
    first = predict(Shared(model), x)
    assert all(np.array_equal(first, predict(model, x)) for _ in range(5))
    assert model.training


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_broken_scores_are_refused(value):
    with pytest.raises(ValueError, match="not finite"):
        predict(Fixed(0.0, value), torch.zeros(1, 1, 1, 1))


def test_a_network_without_scores_is_refused():
    with pytest.raises(ValueError, match="classifier"):
        predict(nn.Identity(), torch.zeros(1, 1, 2, 2))


def test_top_k_is_in_order_and_says_who():
    rows = top_k(np.array([0.1, 0.6, 0.1, 0.2]), ["ant", "bee", "cat", "dog"], 3)
    assert [(r.rank, r.name, r.index) for r in rows] == [
        (1, "bee", 1),
        (2, "dog", 3),
        (3, "ant", 0),
    ]
    assert [r.probability for r in rows] == [0.6, 0.2, 0.1]


def test_top_k_of_few_classes():
    assert len(top_k(np.array([0.5, 0.5]), ["a", "b"])) == 2


def test_top_k_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="3 class names"):
        top_k(np.array([0.5, 0.5]), ["a", "b", "c"])
    with pytest.raises(ValueError, match="k is 0"):
        top_k(np.array([0.5, 0.5]), ["a", "b"], 0)


def test_imagenet_names_are_the_thousand_in_order():
    names = imagenet_classes()
    path = Path(__file__).parents[3] / "assets" / "imagenet_classes.json"
    for row in json.loads(path.read_text(encoding="utf-8")):
        assert names[row["index"]] == row["name"]
    assert len(names) == 1000
    # from the ILSVRC list: 0 is the tench, 207 the golden retriever, 999 toilet tissue
    assert names[0] == "tench"
    assert names[207] == "golden retriever"
    assert "toilet" in names[999]


def test_the_device_of_a_network():
    assert device_of(nn.ReLU()) == CPU
    assert device_of(Fixed(1.0)) == CPU
    assert device_of(nn.Linear(1, 1, device="meta")) == META


def test_the_best_device_in_order_of_preference(monkeypatch):
    for cuda, mps, expected in [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")]:
        monkeypatch.setattr(torch.cuda, "is_available", lambda answer=cuda: answer)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda answer=mps: answer)
        assert best_device().type == expected


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("MPS: out of memory")]
)
def test_a_full_accelerator_falls_to_the_processor_and_says_so(error):
    tried = []

    def work(device: torch.device) -> str:
        tried.append(device.type)
        if device.type != "cpu":
            raise error
        return "done"

    assert run_with_fallback(work, META) == ("done", OUT_OF_MEMORY)
    assert tried == ["meta", "cpu"]


def test_no_fallback_is_no_line(monkeypatch):
    monkeypatch.setattr(device_module, "best_device", lambda: META)
    assert run_with_fallback(lambda device: device.type) == ("meta", None)


@pytest.mark.parametrize(
    ("device", "error"),
    [
        (META, RuntimeError("shapes do not match")),
        (CPU, torch.OutOfMemoryError("out of memory")),
        (META, KeyError("out of memory")),
    ],
)
def test_other_failures_are_not_hidden(device, error):
    def work(_: torch.device) -> None:
        raise error

    with pytest.raises(type(error)):
        run_with_fallback(work, device)
