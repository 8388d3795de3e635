"""How long forward passes take on this machine.

Weights and images are random, from one seed: on the same machine a trained network takes as long.
Networks take turns, so that what else the machine does slows all of them; and a bench measures for
one caller at a time, refuses the others, and says so.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

import cnn_models
from analysis.amounts import mebibytes, short
from analysis.structure import liveness
from analysis.structure.graph import Graph
from analysis.structure.operations import FLOAT32_BYTES
from analysis.vision import voices
from analysis.vision.device import best_device, run_with_fallback
from analysis.vision.probe import probe
from analysis.vision.timing import PLAN, Clock, Plan, Progress, Spread, in_turn

BATCHES = (1, 4, 16)
TOGETHER = 4  # networks at most
MOST_MACS = 160e9  # in one pass: some seconds on two cores of a laptop
_MEMORY = Path("/proc/meminfo")
_SILENT = 4 * 2**30  # bytes


class Refused(RuntimeError):
    """A measurement that is not made; the message says why, and what works."""


class Busy(Refused):
    """Another measurement is running."""

    def __init__(self) -> None:
        super().__init__(
            "Another measurement is running on this machine, and two at once would slow each "
            "other down. Wait some seconds and press the button again."
        )


class TooBig(Refused):
    """The network with its batch would take too much memory or time."""


@dataclass(frozen=True)
class Trial:
    """What is to be measured: a network, and how many images go through it at once."""

    key: str
    batch: int


@dataclass(frozen=True)
class Timing:
    """One measurement: the seconds of each pass, and all that they depend on.

    `device` is where it ran, in words, `threads` how many torch used there (0 on an accelerator),
    `note` what to say if it could not run where it should.
    """

    trial: Trial
    spread: Spread
    device: str
    threads: int
    warm_up: int
    note: str | None = None

    @property
    def throughput(self) -> float:
        """Images a second, by the median."""
        return self.trial.batch / self.spread.median


class Bench:
    """Measures for one caller at a time and remembers the latest `most` trials."""

    def __init__(
        self, most: int = 256, clock: Clock = time.perf_counter, plan: Plan = PLAN
    ) -> None:
        self._most, self._clock, self._plan = most, clock, plan
        self._running = threading.Lock()
        self._known: OrderedDict[Trial, Timing] = OrderedDict()

    def known(self, trial: Trial) -> Timing | None:
        """The latest measurement of a trial, if there is one."""
        return self._known.get(trial)

    def measure(self, trials: Sequence[Trial], progress: Progress | None = None) -> list[Timing]:
        """Measure trials in turn, and remember them. They have passed `refuse_too_big`.

        Raises:
            cnn_models.UnknownModel: if there is no such network.
            Busy: if another measurement is running.
        """
        if not self._running.acquire(blocking=False):
            raise Busy
        try:
            timings = _measured(trials, self._clock, self._plan, progress)
            for timing in timings:
                self._known[timing.trial] = timing
                self._known.move_to_end(timing.trial)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return timings
        finally:
            self._running.release()


def refuse_too_big(trial: Trial, graph: Graph, free: int) -> None:
    """Refuse a trial that needs more than its share of memory, or too many multiply-adds.

    Args:
        trial: what is to be measured.
        graph: the traced network.
        free: bytes that are free; up to four networks share half of them.

    Raises:
        TooBig: with the batch that would work, if there is one.
    """
    if trial.batch < 1:
        raise TooBig(f"A batch has at least 1 image, not {trial.batch}.")
    name, totals = cnn_models.spec(trial.key).display_name, graph.totals()
    weights, maps = totals.params * FLOAT32_BYTES, liveness.peak(graph).values * FLOAT32_BYTES
    share = free // (2 * TOGETHER)
    if weights + trial.batch * maps > share:
        raise TooBig(
            f"{name} needs {mebibytes(weights)} for its weights and at least "
            f"{mebibytes(trial.batch * maps)} for the maps of {trial.batch} images; one network "
            f"may take {mebibytes(share)} here now. {_what_works((share - weights) // maps)}"
        )
    if trial.batch * totals.macs > MOST_MACS:
        raise TooBig(
            f"{name} takes {short(trial.batch * totals.macs)} multiply-adds for {trial.batch} "
            f"images; one pass may take {short(MOST_MACS)}. "
            f"{_what_works(MOST_MACS // totals.macs)}"
        )


def _what_works(images: float) -> str:
    fitting = [batch for batch in BATCHES if batch <= images]
    return f"{max(fitting)} at once will do." if fitting else "Choose a smaller network."


def free_bytes() -> int:
    """Memory of this machine that is free or can be freed; 4 GiB where the system is silent."""
    try:
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
        available = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(available.split()[1]) * 1024
    except (OSError, StopIteration, ValueError, IndexError):  # Windows, macOS
        return _SILENT


def _measured(
    trials: Sequence[Trial], clock: Clock, plan: Plan, progress: Progress | None
) -> list[Timing]:
    models = [voices.untrained(trial.key) for trial in trials]
    images = [_images(trial) for trial in trials]

    def on(where: torch.device) -> list[Timing]:
        there = [model.to(where) for model in models]
        inputs = [batch.to(where) for batch in images]
        spreads = timed(there, inputs, clock, plan, progress)
        threads = torch.get_num_threads() if where.type == "cpu" else 0
        return [
            Timing(trial, spread, _named(where), threads, plan.warm_up)
            for trial, spread in zip(trials, spreads, strict=True)
        ]

    timings, note = run_with_fallback(on, best_device())
    return [replace(timing, note=note) for timing in timings]


def _images(trial: Trial) -> torch.Tensor:
    """(N, C, H, W), the same every time."""
    shape = (trial.batch, *cnn_models.spec(trial.key).input_shape)
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def timed(
    models: Sequence[nn.Module],
    images: Sequence[torch.Tensor],
    clock: Clock,
    plan: Plan = PLAN,
    progress: Progress | None = None,
) -> list[Spread]:
    """Seconds of forward passes of each of `models` on its images (N, C, H, W), in turn.

    The networks answer in evaluation mode and without gradients, and are left as they were.
    """
    with ExitStack() as stack:
        lent = [stack.enter_context(probe(model)) for model in models]
        stack.enter_context(torch.inference_mode())
        works = [_pass(model, batch) for model, batch in zip(lent, images, strict=True)]
        return in_turn(works, clock, plan, progress)


def _pass(model: nn.Module, images: torch.Tensor) -> Callable[[], None]:
    wait = _waiting(images.device)

    def work() -> None:
        model(images)
        wait()

    return work


def _waiting(device: torch.device) -> Callable[[], None]:
    """What returns when the device has done all that it was given."""
    if device.type == "cuda":
        return lambda: torch.cuda.synchronize(device)
    if device.type == "mps":
        return torch.mps.synchronize
    return lambda: None


def _named(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple GPU" if device.type == "mps" else "processor"
