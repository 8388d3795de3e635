"""What the loop with its metrics costs, beside the same steps written bare."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from analysis.experiments import runs
from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingConfig, fit

CONFIG = TrainingConfig(epochs=2, batch_size=64, learning_rate=0.05, warmup=0)
RUN = Run("cifar_resnet20", "shapes", 32, 640, 1, CONFIG)


@pytest.fixture(scope="module")
def data():
    return runs.drawn(RUN)


def bare(model: nn.Module, data) -> None:
    """The steps of `fit` and nothing else: no metrics, no test, no schedule."""
    model.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    generator = torch.Generator().manual_seed(0)
    for _ in range(CONFIG.epochs):
        order = torch.randperm(RUN.train, generator=generator)
        for chosen in order.split(CONFIG.batch_size):
            images = data.prepare(data.augment(data.train.images[chosen], generator))
            images = images.contiguous(memory_format=torch.channels_last)
            loss = nn.functional.cross_entropy(model(images), data.train.labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()


@pytest.mark.parametrize("who", ["atlas", "bare"])
def test_twenty_steps(benchmark, data, who):
    if benchmark.disabled and who == "atlas":
        pytest.skip("the tests of the loop make such steps: timed by make benchmark")
    benchmark.group = "twenty steps of ResNet-20 with 64 images"
    train: dict[str, Callable[[nn.Module], object]] = {
        "atlas": lambda model: fit(model, data, CONFIG),
        "bare": lambda model: bare(model, data),
    }
    benchmark.pedantic(
        train[who], setup=lambda: ((runs.network(RUN, 10, 3),), {}), rounds=5, warmup_rounds=1
    )
