"""A job in the queue: what is known of it, and the process that trains it."""

from __future__ import annotations

import os
import pickle
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, cast

from analysis.experiments.messages import Ended, Job, Judged, Lined, Moved, Order, Over, Report
from analysis.experiments.runs import Run
from analysis.experiments.training import Epoch

TRACE = 400  # losses of steps that are kept of a run
WORKER = ("-m", "analysis.experiments.worker")

State = Literal["waiting", "training", "paused", "done", "cancelled", "failed"]
_ROOT = Path(__file__).parents[2]


@dataclass
class Progress:
    """What is known of one run of a job, or of a search, whose steps are networks."""

    step: int = 0
    steps: int = 0
    losses: list[tuple[int, float]] = field(default_factory=list)  # some steps, thinned
    lines: list[Epoch] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    weights: bytes = b""
    problem: str = ""
    ended: bool = False
    started: float = 0.0  # time.monotonic of the first step
    moved: float = 0.0  # of the latest

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the steps so far; None before the second one."""
        if self.ended or self.step < 2 or self.moved <= self.started:
            return None
        return (self.moved - self.started) / (self.step - 1) * (self.steps - self.step)

    def take(self, report: Moved | Lined | Ended | Judged) -> None:
        now = time.monotonic()
        if isinstance(report, Moved):
            self.started = self.started or now
            self.step, self.steps, self.moved = report.step, report.steps, now
            self.losses.append((report.step, report.loss))
            if len(self.losses) > TRACE:
                self.losses = self.losses[1::2]
        elif isinstance(report, Lined):
            self.lines.append(report.epoch)
        elif isinstance(report, Judged):
            self.started, self.moved = self.started or now, now
            self.judged.append(report)
            self.step = len(self.judged)
        else:
            self.weights, self.problem, self.ended = report.weights, report.problem, True


class Ticket:
    """A job in the workshop, as its owner and whoever watches sees it.

    `name` is hard to guess; who knows it may watch. `state` and `progress` are written by the
    workshop's thread alone.
    """

    def __init__(self, job: Job, title: str, owner: str) -> None:
        self.name = secrets.token_urlsafe(6)
        self.job, self.title, self.owner = job, title, owner
        self.state: State = "waiting"
        self.problem = ""
        self.progress = [Progress() for _ in job.runs]
        self.search = Progress(steps=job.search.children if job.search else 0)
        self.looked_at = time.monotonic()
        self.ended = threading.Event()
        self._orders: BinaryIO | None = None  # to the process, while there is one
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "cancelled", "failed")

    def tracks(self) -> list[tuple[Run, list[Epoch]]]:
        """Each run with the epochs that have ended."""
        return [
            (run, list(progress.lines))
            for run, progress in zip(self.job.runs, self.progress, strict=True)
        ]

    def look(self) -> None:
        """Say that somebody still wants to know."""
        self.looked_at = time.monotonic()

    def order(self, order: Order) -> None:
        """Pause, resume or cancel; of no effect when the job is over."""
        with self._lock:
            if self.is_over:
                return
            if self._orders is None:
                if order == "cancel":
                    self._end("cancelled")
                return
            self._say(order)
            if order != "cancel":
                self.state = "paused" if order == "pause" else "training"

    def _say(self, message: object) -> None:
        if self._orders is None:
            return
        try:
            pickle.dump(message, self._orders)
            self._orders.flush()
        except (OSError, ValueError):
            return  # the process has ended; its last report, or its silence, says how

    def train(self) -> None:
        """Start the process, and take its reports until it ends."""
        with self._lock:
            if self.is_over:
                return
            process = _started()
            self._orders = cast("BinaryIO", process.stdin)
            self.state = "training"
            self._say(self.job)
        last = _last(process, self._take)
        with self._lock:
            self._orders = None
            if last is None:
                self.problem = (
                    "The training process ended without a word; most often the machine had no "
                    "memory left. A smaller batch or a smaller network may fit."
                )
                self._end("failed")
            else:
                self._end("cancelled" if last.cancelled else "done")

    def _end(self, state: State) -> None:
        self.state = state
        self.ended.set()

    def _take(self, report: Moved | Lined | Ended | Judged) -> None:
        part = self.search if isinstance(report, Judged) else self.progress[report.run]
        part.take(report)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module, by the Python that runs this
        [sys.executable, *WORKER],
        cwd=_ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},  # threads that wait leave the cores alone
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _last(
    process: subprocess.Popen[bytes], take: Callable[[Moved | Lined | Ended | Judged], None]
) -> Over | None:
    """Hand on all reports but the last, which is returned; None if the process died before it."""
    with process:  # closes both pipes and waits
        while process.stdout:
            try:
                report: Report = pickle.load(process.stdout)  # noqa: S301 - from our own process
            except (EOFError, OSError, pickle.UnpicklingError):
                break
            if isinstance(report, Over):
                return report
            take(report)
    return None
