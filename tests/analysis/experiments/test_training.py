import math

import pytest
import torch
from torch import nn

from analysis.experiments.data import Data, Split
from analysis.experiments.training import (
    Diverged,
    TrainingConfig,
    TrainingError,
    accuracy,
    fit,
    learning_rate,
)


def _bright_or_dark(count: int, seed: int) -> Split:
    """Noise that is brighter in the upper half for class 1, in the lower half for class 0."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    images = torch.randn(count, 1, 8, 8, generator=generator)
    images[labels == 1, :, :4] += 1.0
    images[labels == 0, :, 4:] += 1.0
    return Split(images, labels)


def _network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.2), nn.Flatten(),
        nn.Linear(256, 2),
    )  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return Data(_bright_or_dark(256, 1), _bright_or_dark(128, 2))


def test_the_loss_falls_and_unseen_images_are_read(data):
    history = fit(_network(), data, TrainingConfig(epochs=5, batch_size=32, learning_rate=0.05))
    assert history[-1].train_loss < 0.5 * history[0].train_loss
    assert history[-1].test_error < 0.05
    assert [line.epoch for line in history] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("mixed", [False, True])
def test_one_seed_gives_the_same_bits_twice_and_another_does_not(data, mixed):
    weights = []
    for seed in (4, 4, 5):
        model = _network()
        fit(model, data, TrainingConfig(epochs=2, batch_size=32, seed=seed, mixed_precision=mixed))
        weights.append(torch.cat([p.detach().flatten() for p in model.parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_fit_leaves_the_random_numbers_of_others_alone(data):
    torch.manual_seed(9)
    expected = torch.rand(3)
    torch.manual_seed(9)
    network = _network_without_seeding()
    torch.manual_seed(9)
    fit(network, data, TrainingConfig(epochs=1))
    assert torch.equal(torch.rand(3), expected)


def _network_without_seeding() -> nn.Module:
    return nn.Sequential(nn.Dropout(0.5), nn.Flatten(), nn.Linear(64, 2))


def test_a_run_that_diverges_stops_and_names_its_step(data):
    wild = TrainingConfig(epochs=5, batch_size=32, learning_rate=1e30, warmup=0)
    with pytest.raises(Diverged, match=r"at step \d+, learning rate .* Take a smaller") as caught:
        fit(_network(), data, wild)
    assert 2 <= caught.value.step <= 8


def test_not_a_number_in_the_data_stops_at_the_first_step(data):
    broken = Data(data.train, data.test, prepare=lambda images: images * math.nan)
    with pytest.raises(Diverged) as caught:
        fit(_network(), broken, TrainingConfig(epochs=1))
    assert caught.value.step == 1


def test_one_step_is_gradient_plus_decay():
    # One image x = 1 of class 0, logits w: the gradient of cross-entropy at w = (1, 1) is
    # softmax - target = (-1/2, 1/2). The warm-up ends at this step: full rate.
    linear = nn.Linear(1, 2, bias=False)
    nn.init.ones_(linear.weight)
    one = Split(torch.ones(1, 1, 1, 1), torch.zeros(1, dtype=torch.int64))
    config = TrainingConfig(epochs=1, batch_size=1, learning_rate=0.1, weight_decay=0.01, warmup=1)
    fit(nn.Sequential(nn.Flatten(), linear), Data(one, one), config)
    expected = torch.tensor([[1 - 0.1 * (-0.5 + 0.01)], [1 - 0.1 * (0.5 + 0.01)]])
    assert torch.allclose(linear.weight, expected)


def test_the_rate_warms_up_in_a_line_and_falls_as_a_cosine():
    config = TrainingConfig(epochs=10, learning_rate=0.4, warmup=2)
    rates = [learning_rate(config, step, 100) for step in (1, 100, 200, 600, 1000)]
    assert rates == pytest.approx([0.002, 0.2, 0.4, 0.2, 0.0])


def test_augmentation_varies_training_images_only(data):
    seen = []

    def darkened(images, _):
        seen.append(len(images))
        return images - 5

    varied = Data(data.train, data.test, augment=darkened)
    fit(_network(), varied, TrainingConfig(epochs=1, batch_size=100))
    assert seen == [100, 100]  # the incomplete last batch of 56 is left out, and no test image


def test_progress_is_reported_as_it_happens(data):
    lines = []
    history = fit(_network(), data, TrainingConfig(epochs=2), on_epoch=lines.append)
    assert lines == history


def test_accuracy_counts_right_answers_and_restores_the_mode():
    model = nn.Sequential(nn.Flatten(), nn.Identity(), nn.Dropout(0.9)).train()
    images = torch.eye(4)[:, :, None, None]  # the answer to image i is i
    labels = torch.tensor([0, 1, 2, 0])
    model.register_parameter("unused", nn.Parameter(torch.zeros(1)))
    assert accuracy(model, Split(images, labels), batch_size=3) == 0.75
    assert all(module.training for module in model.modules())


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (TrainingConfig(batch_size=257), "batch of 257 cannot be drawn from 256"),
        (TrainingConfig(batch_size=0), "take 1 to 256"),
        (TrainingConfig(epochs=0), "must be positive"),
        (TrainingConfig(learning_rate=0), "must be positive"),
    ],
)
def test_what_cannot_be_trained_is_said(data, config, message):
    with pytest.raises(TrainingError, match=message):
        fit(_network(), data, config)
