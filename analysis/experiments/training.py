"""The training loop, plain PyTorch: SGD with momentum, warm-up, cosine, label smoothing.

It is the whole of it, short enough to show on a screen. One seed decides the order of the images,
their augmentation and any dropout, so a run on the CPU repeats bit by bit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn


class TrainingError(ValueError):
    """Training cannot start like this; the message says what would work."""


class Diverged(ArithmeticError):
    """The loss is no longer a number; `step` counts from 1."""

    def __init__(self, step: int, learning_rate: float) -> None:
        self.step = step
        super().__init__(
            f"The loss is not a finite number at step {step}, learning rate {learning_rate:.3g}. "
            "Take a smaller learning rate or a longer warm-up."
        )


@dataclass(frozen=True)
class TrainingConfig:
    """How to train: `warmup` is in epochs, the seed decides order, augmentation and dropout.

    `mixed_precision` computes in bfloat16 what bears it and keeps the weights in float32.
    """

    epochs: int = 10
    batch_size: int = 128
    learning_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    warmup: float = 0.5
    label_smoothing: float = 0.0
    mixed_precision: bool = False
    seed: int = 0


class Split(NamedTuple):
    """Labelled images: (N, C, H, W) of any dtype that `Data.prepare` takes, and (N,) int64."""

    images: Tensor
    labels: Tensor


def _unchanged(images: Tensor) -> Tensor:
    return images


def _as_they_are(images: Tensor, _: torch.Generator) -> Tensor:
    return images


@dataclass(frozen=True)
class Data:
    """What to learn from and what to be judged by.

    `augment` varies a batch of training images, `prepare` turns any batch, after that, into what
    the network takes: float32 (N, C, H, W).
    """

    train: Split
    test: Split
    prepare: Callable[[Tensor], Tensor] = _unchanged
    augment: Callable[[Tensor, torch.Generator], Tensor] = _as_they_are


class Epoch(NamedTuple):
    """One line of the history; `train_loss` is the mean over the epoch, errors are 0..1."""

    epoch: int
    train_loss: float
    train_error: float
    test_error: float
    learning_rate: float
    seconds: float


def fit(
    model: nn.Module,
    data: Data,
    config: TrainingConfig,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> list[Epoch]:
    """Train `model` in place, from the weights it has, and return one line for each epoch.

    Raises:
        TrainingError: if a batch is larger than the data, or an amount is not positive.
        Diverged: at the first step whose loss is not finite.
    """
    _check(data, config)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks it
    optimiser = torch.optim.SGD(
        model.parameters(),
        lr=config.learning_rate,
        momentum=config.momentum,
        weight_decay=config.weight_decay,
    )
    generator = torch.Generator().manual_seed(config.seed)
    history = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)  # for dropout, which draws from torch's own generator
        for epoch in range(1, config.epochs + 1):
            started = time.perf_counter()
            loss, error = _train_epoch(model, data, config, optimiser, generator, epoch)
            wrong = 1 - accuracy(model, data.test, data.prepare)
            rate, seconds = optimiser.param_groups[0]["lr"], time.perf_counter() - started
            history.append(Epoch(epoch, loss, error, wrong, rate, seconds))
            if on_epoch:
                on_epoch(history[-1])
    return history


def _train_epoch(
    model: nn.Module,
    data: Data,
    config: TrainingConfig,
    optimiser: torch.optim.SGD,
    generator: torch.Generator,
    epoch: int,
) -> tuple[float, float]:
    """Take every image once (but for an incomplete last batch): mean loss and error, 0..1."""
    model.train()
    device = next(model.parameters()).device
    batches = torch.randperm(len(data.train.labels), generator=generator).split(config.batch_size)
    steps = len(data.train.labels) // config.batch_size
    total, wrong = 0.0, 0
    for step, chosen in enumerate(batches[:steps], start=(epoch - 1) * steps + 1):
        rate = learning_rate(config, step, steps)
        for group in optimiser.param_groups:
            group["lr"] = rate
        images = data.prepare(data.augment(data.train.images[chosen], generator)).to(device)
        labels = data.train.labels[chosen].to(device)
        images = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.mixed_precision):
            logits = model(images).float()  # (N, classes)
        loss = nn.functional.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
        if not torch.isfinite(loss):
            raise Diverged(step, rate)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item()
        wrong += int((logits.argmax(1) != labels).sum())
    return total / steps, wrong / (steps * config.batch_size)


def learning_rate(config: TrainingConfig, step: int, steps_per_epoch: int) -> float:
    """Rate at `step` (from 1): up in a line over the warm-up, then down a half cosine to 0."""
    warmup, last = config.warmup * steps_per_epoch, config.epochs * steps_per_epoch
    if step <= warmup:
        return config.learning_rate * step / warmup
    progress = (step - warmup) / max(last - warmup, 1)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))


@torch.no_grad()
def accuracy(
    model: nn.Module,
    split: Split,
    prepare: Callable[[Tensor], Tensor] = _unchanged,
    batch_size: int = 250,
) -> float:
    """Share of images, 0..1, whose largest output is their label; the model's mode is restored."""
    was_training = model.training
    model.eval()
    device = next(model.parameters()).device
    right = 0
    for images, labels in zip(
        split.images.split(batch_size), split.labels.split(batch_size), strict=True
    ):
        right += int((model(prepare(images).to(device)).argmax(1).cpu() == labels).sum())
    model.train(was_training)
    return right / len(split.labels)


def _check(data: Data, config: TrainingConfig) -> None:
    count = len(data.train.labels)
    if not 1 <= config.batch_size <= count:
        raise TrainingError(
            f"A batch of {config.batch_size} cannot be drawn from {count} training images; "
            f"take 1 to {count}."
        )
    if config.epochs < 1 or config.learning_rate <= 0 or config.warmup < 0:
        raise TrainingError(
            "Epochs and learning rate must be positive and the warm-up not negative; they are "
            f"{config.epochs}, {config.learning_rate} and {config.warmup}."
        )
