"""The Train page: what it trains, what it refuses, and a job from its start to its end."""

from collections.abc import Iterator

import pytest
import torch

from analysis.experiments.workshop import Workshop
from pages.parts.training import settings, shop
from tests.pages.app import opened, words

TINY = {"networks": "cifar_resnet20", "pixels": "16", "learned": "40", "unseen": "20"}


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    made = Workshop(slots=1)
    monkeypatch.setattr(shop, "workshop", lambda: made)
    yield made
    made.close()


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_large_networks_are_said_and_small_ones_trained_instead() -> None:
    app = opened("train")  # VGG-16 and ResNet-50
    assert not app.exception
    assert "This page trains **Plain-20 (CIFAR-10) and ResNet-20 (CIFAR-10)**" in words(app)
    # 2,000 × 3 + 500 images, 6 epochs, 40,551,040 multiply-adds each, and no more for ResNet-20
    assert "About 3163 G multiply-adds" in words(app)
    button(app, "Plain-56 and ResNet-56").click().run()
    assert app.query_params["networks"] == ["cifar_plain56", "cifar_resnet56"]
    assert "This page trains" not in words(app)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"networks": "lenet5_modern", "data": "shapes"}, "It can learn digits."),
        ({"networks": "lenet5_modern", "pixels": "16"}, "try a larger input"),
        ({"networks": "cifar_resnet20", "batch": "512", "learned": "100"}, "take 1 to 100"),
        ({"networks": "cifar_resnet20", "data": "digits", "learned": "9999"}, "1,198 images"),
    ],
)
def test_what_cannot_be_trained_is_said_and_not_started(query, sentence) -> None:
    app = opened("train", **query)
    assert not app.exception
    assert sentence in words(app)
    assert button(app, "Train").disabled


def test_mixed_precision_is_offered_where_there_is_a_graphics_card(
    monkeypatch: pytest.MonkeyPatch, queue: Workshop
) -> None:
    assert not opened("train", **TINY, half="True").toggle
    monkeypatch.setattr(settings, "best_device", lambda: torch.device("cuda"))
    queue.submit(_endless(), "Somebody's network", "another session")
    app = opened("train", **TINY, half="True")
    button(app, "Train").click().run()
    ticket = queue.ticket(app.query_params["job"])
    assert ticket
    assert ticket.job.runs[0].config.mixed_precision
    assert "--mixed-precision" in ticket.job.runs[0].command()


def test_a_job_is_started_waited_for_and_taken_away(queue: Workshop) -> None:
    blocking = queue.submit(_endless(), "Somebody's network", "another session")
    app = opened("train", **TINY, epochs="1", batch="20")
    button(app, "Train").click().run()
    assert "1 job is before this one: Somebody's network." in words(app)
    ticket = queue.ticket(app.query_params["job"])
    assert ticket
    assert "2. ResNet-20, yours: waiting" in words(app)
    blocking.order("cancel")
    assert ticket.ended.wait(120)
    app.run()
    assert "is done" in words(app)
    assert "**ResNet-20** gets" in words(app)
    assert "of 20 unseen pictures right after 1 epoch" in words(app)
    assert len(app.get("plotly_chart")) == 2
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["Curves (CSV)", "Weights of ResNet-20 (1.04 MiB)"]
    command = "python -m analysis.experiments.train cifar_resnet20 --side 16 --train 40 --test 20"
    assert any(block.value.startswith(command) for block in app.code)


def test_another_session_may_watch_but_not_cancel(
    queue: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = queue.submit(_endless(), "Somebody's network", "another session")
    app = opened("train", **TINY, job=ticket.name)
    assert "Somebody's network" in words(app)
    assert "Cancel" not in [one.label for one in app.button]
    monkeypatch.setattr(shop, "owner", lambda: "another session")
    app.run()
    button(app, "Cancel").click().run()
    assert ticket.ended.wait(120)
    assert ticket.state == "cancelled"


def test_a_job_too_many_is_refused(queue: Workshop) -> None:
    app = opened("train", **TINY, epochs="100", batch="20")
    for _ in range(4):
        button(app, "Train").click().run()
    assert "You have 3 runs that are not over. Cancel one, or wait for it." in words(app)
    assert len(queue.open()) == 3


def test_a_job_that_is_not_here_is_said() -> None:
    app = opened("train", **TINY, job="lost")
    assert not app.exception
    assert "`lost`, which this page does not have" in words(app)


def _endless():
    from analysis.experiments.messages import Job
    from analysis.experiments.runs import Run
    from analysis.experiments.training import TrainingConfig

    config = TrainingConfig(epochs=1000, batch_size=20)
    return Job((Run("residual", "shapes", 8, 40, 20, config, {"depth": 8}),))
