"""The training loop: SGD with momentum, written out.

It shows what a step is, and gives the same weights to the last bit for the same seed on the CPU.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from analysis.experiments.data import Data, Split

READ_EVERY = 50  # steps between two looks at the loss on a GPU, which has to stop for each


class TrainingError(ValueError):
    """Nothing can be learned with these settings; the message says what would work."""


class Diverged(TrainingError):
    """The loss is no longer a number; `step` counts from 1."""

    def __init__(self, step: int, learning_rate: float) -> None:
        self.step, self.learning_rate = step, learning_rate
        super().__init__(
            f"The loss is not a finite number at step {step}, learning rate {learning_rate:.3g}. "
            "Take a smaller learning rate or a longer warm-up."
        )

    def __reduce__(self) -> tuple[type[Diverged], tuple[int, float]]:
        return type(self), (self.step, self.learning_rate)


Schedule = Literal["cosine", "steps", "constant"]


@dataclass(frozen=True)
class TrainingConfig:
    """How to train: `warmup` is in epochs, the seed decides order, augmentation and dropout.

    After the warm-up the learning rate falls along half a cosine to 0 ("cosine"), to a tenth at
    half and to a hundredth at three quarters of the epochs ("steps", as ResNet on CIFAR-10 was
    trained), or not at all ("constant"). `mixed_precision` computes in bfloat16 what bears it and
    keeps the weights in float32.
    """

    epochs: int = 10
    batch_size: int = 128
    learning_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    warmup: float = 0.5
    schedule: Schedule = "cosine"
    label_smoothing: float = 0.0
    mixed_precision: bool = False
    seed: int = 0


class Epoch(NamedTuple):
    """One line of the history; `train_loss` is the mean over the epoch, errors are 0..1."""

    epoch: int
    train_loss: float
    train_error: float
    test_error: float
    learning_rate: float
    seconds: float


class Step(NamedTuple):
    """Where the run is: `step` of `steps`, counted from 1, and the loss, still on its device."""

    step: int
    steps: int
    loss: Tensor


def _nothing(_: Step) -> None:
    return


def fit(
    model: nn.Module,
    data: Data,
    config: TrainingConfig,
    on_epoch: Callable[[Epoch], None] | None = None,
    on_step: Callable[[Step], None] = _nothing,
) -> list[Epoch]:
    """Train `model` in place, from the weights it has, and return one line for each epoch.

    `on_step` is called after every step; it may wait, and end the run by what it raises.

    Raises:
        TrainingError: if a batch is larger than the data, or an amount is not positive.
        Diverged: where the loss is not finite, with the first such step.
    """
    check_config(len(data.train.labels), config)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks it
    data = data.to(next(model.parameters()).device)
    optimiser = torch.optim.SGD(
        model.parameters(),
        lr=config.learning_rate,
        momentum=config.momentum,
        weight_decay=config.weight_decay,
    )
    generator = torch.Generator().manual_seed(config.seed)
    history = []
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)  # for dropout, which draws from torch's own generator
        for epoch in range(1, config.epochs + 1):
            started = time.perf_counter()
            loss, error = train_epoch(model, data, config, optimiser, generator, epoch, on_step)
            wrong = 1 - accuracy(model, data.test, data.prepare)
            rate, seconds = optimiser.param_groups[0]["lr"], time.perf_counter() - started
            history.append(Epoch(epoch, loss, error, wrong, rate, seconds))
            if on_epoch:
                on_epoch(history[-1])
    return history


def train_epoch(
    model: nn.Module,
    data: Data,
    config: TrainingConfig,
    optimiser: torch.optim.SGD,
    generator: torch.Generator,
    epoch: int,
    on_step: Callable[[Step], None],
) -> tuple[float, float]:
    """Take every image once (but for an incomplete last batch): mean loss and error, 0..1."""
    _to_learn(model)
    device = data.train.images.device
    count, size = len(data.train.labels), config.batch_size
    batches = torch.randperm(count, generator=generator).to(device).split(size)
    steps = count // size
    tally = _Tally(device)
    for step, chosen in enumerate(batches[:steps], start=(epoch - 1) * steps + 1):
        rate = learning_rate(config, step, steps)
        for group in optimiser.param_groups:
            group["lr"] = rate
        images = data.prepare(data.augment(data.train.images[chosen], generator))
        images = images.contiguous(memory_format=torch.channels_last)
        labels = data.train.labels[chosen]
        with torch.autocast(device.type, torch.bfloat16, enabled=config.mixed_precision):
            logits = model(images).float()  # (N, classes)
        loss = nn.functional.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        tally.add(step, rate, loss.detach(), logits.detach(), labels)
        on_step(Step(step, config.epochs * steps, loss.detach()))
    tally.stop_if_diverged()
    return float(tally.loss) / steps, int(tally.wrong) / (steps * size)


def _to_learn(model: nn.Module) -> None:
    """Training mode, but for modules whose parameters are all frozen: their means stay too."""
    model.train()
    for module in model.modules():
        own = list(module.parameters())
        if own and not any(parameter.requires_grad for parameter in own):
            module.eval()


class _Tally:
    """Sums of an epoch that stay on the device, so that no step has to wait for it."""

    def __init__(self, device: torch.device) -> None:
        self.loss = torch.zeros((), device=device)
        self.wrong = torch.zeros((), dtype=torch.int64, device=device)
        self._every = 1 if device.type == "cpu" else READ_EVERY
        self._losses: list[tuple[int, float, Tensor]] = []  # since the last look

    def add(self, step: int, rate: float, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        self.loss += loss
        self.wrong += (logits.argmax(1) != labels).sum()
        self._losses.append((step, rate, loss))
        if len(self._losses) >= self._every:
            self.stop_if_diverged()

    def stop_if_diverged(self) -> None:
        losses, self._losses = self._losses, []
        if losses and not torch.isfinite(self.loss):
            for step, rate, loss in losses:
                if not torch.isfinite(loss):
                    raise Diverged(step, rate)


def learning_rate(config: TrainingConfig, step: int, steps_per_epoch: int) -> float:
    """Rate at `step` (from 1): up in a line over the warm-up, then down as the schedule says."""
    warmup, last = config.warmup * steps_per_epoch, config.epochs * steps_per_epoch
    if step <= warmup:
        return config.learning_rate * step / warmup
    if config.schedule == "constant":
        return config.learning_rate
    if config.schedule == "steps":
        return config.learning_rate * 0.1 ** sum(step > share * last for share in (0.5, 0.75))
    progress = (step - warmup) / max(last - warmup, 1)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))


@torch.no_grad()
def accuracy(
    model: nn.Module,
    split: Split,
    prepare: Callable[[Tensor], Tensor] = lambda images: images,
    batch_size: int = 250,
) -> float:
    """Share of images, 0..1, whose largest output is their label; the model's mode is restored."""
    was_training = model.training
    model.eval()
    device = next(model.parameters()).device
    right = torch.zeros((), dtype=torch.int64, device=device)
    for images, labels in zip(
        split.images.split(batch_size), split.labels.split(batch_size), strict=True
    ):
        answers = model(prepare(images.to(device))).argmax(1)
        right += (answers == labels.to(device)).sum()
    model.train(was_training)
    return int(right) / len(split.labels)


def check_config(count: int, config: TrainingConfig) -> None:
    """Refuse what cannot be trained with `count` images.

    Raises:
        TrainingError: if a batch is larger than the data, or an amount is not positive.
    """
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
