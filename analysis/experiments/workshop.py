"""The queue of jobs: who trains now, who waits, and what came of it.

Each job has a process of its own (`worker`). At most `slots` train at a time, the others wait in
the order in which they came. A job whose owner has gone, and that nobody has looked at for
`PATIENCE` seconds, is cancelled, so that a closed laptop does not keep the machine from others.
"""

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

from analysis.experiments.messages import Ended, Job, Lined, Moved, Order, Over, Report
from analysis.experiments.runs import Run
from analysis.experiments.training import Epoch

PATIENCE = 60.0
KEPT = 60  # finished jobs that are remembered
MOST_OF_ONE = 3  # jobs of one owner that may wait or train
MOST = 40  # jobs of all that may wait or train
TRACE = 400  # losses of steps that are kept of a run

State = Literal["waiting", "training", "paused", "done", "cancelled", "failed"]
ROOT = Path(__file__).parents[2]
WORKER = ("-m", "analysis.experiments.worker")


class Full(RuntimeError):
    """No further job is taken; the message says what would help."""


@dataclass
class Progress:
    """What is known of one run of a job."""

    step: int = 0
    steps: int = 0
    losses: list[tuple[int, float]] = field(default_factory=list)  # some steps, thinned
    lines: list[Epoch] = field(default_factory=list)
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

    def take(self, report: Moved | Lined | Ended) -> None:
        now = time.monotonic()
        if isinstance(report, Moved):
            self.started = self.started or now
            self.step, self.steps, self.moved = report.step, report.steps, now
            self.losses.append((report.step, report.loss))
            if len(self.losses) > TRACE:
                self.losses = self.losses[1::2]
        elif isinstance(report, Lined):
            self.lines.append(report.epoch)
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

    def _take(self, report: Moved | Lined | Ended) -> None:
        self.progress[report.run].take(report)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module, by the Python that runs this
        [sys.executable, *WORKER],
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},  # threads that wait leave the cores alone
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _last(
    process: subprocess.Popen[bytes], take: Callable[[Moved | Lined | Ended], None]
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


class Workshop:
    """One for a server.

    `slots` is how many jobs train at a time, a quarter of the processor's cores if it is left out.
    `is_there` says whether an owner is still there.
    """

    def __init__(
        self, slots: int | None = None, is_there: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._is_there = is_there
        self.slots = slots or max(1, (os.cpu_count() or 1) // 4)
        self._tickets: list[Ticket] = []  # in the order in which they came
        self._changed = threading.Condition()
        for _ in range(self.slots):
            threading.Thread(target=self._serve, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, job: Job, title: str, owner: str) -> Ticket:
        """Take a job for the session `owner`.

        Raises:
            Full: if the owner, or all together, have too many that are not over.
        """
        with self._changed:
            open_ = [ticket for ticket in self._tickets if not ticket.is_over]
            if sum(ticket.owner == owner for ticket in open_) >= MOST_OF_ONE:
                raise Full(
                    f"You have {MOST_OF_ONE} runs that are not over. Cancel one, or wait for it."
                )
            if len(open_) >= MOST:
                raise Full(f"{MOST} runs wait on this machine already. Try again later.")
            ticket = Ticket(job, title, owner)
            self._tickets.append(ticket)
            self._forget()
            self._changed.notify_all()
            return ticket

    def ticket(self, name: str) -> Ticket | None:
        return next((ticket for ticket in self._tickets if ticket.name == name), None)

    def names(self) -> list[str]:
        return [ticket.name for ticket in self._tickets]

    def of(self, owner: str) -> list[Ticket]:
        return [ticket for ticket in self._tickets if ticket.owner == owner]

    def ahead_of(self, ticket: Ticket) -> list[Ticket]:
        """Who trains now or trains before: the queue, as one who waits sees it."""
        tickets = list(self._tickets)
        before = tickets[: tickets.index(ticket)] if ticket in tickets else []
        return [other for other in before if not other.is_over]

    def open(self) -> list[Ticket]:
        return [ticket for ticket in self._tickets if not ticket.is_over]

    def close(self) -> None:
        """Cancel everything."""
        for ticket in self.open():
            ticket.order("cancel")

    def _forget(self) -> None:
        over = [ticket for ticket in self._tickets if ticket.is_over]
        for ticket in over[: max(len(over) - KEPT, 0)]:
            self._tickets.remove(ticket)

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._next() is not None)
                ticket = self._next()
            if ticket:
                ticket.train()
            with self._changed:
                self._changed.notify_all()

    def _next(self) -> Ticket | None:
        return next((ticket for ticket in self._tickets if ticket.state == "waiting"), None)

    def _watch(self) -> None:
        while True:
            time.sleep(PATIENCE / 10)
            self.cancel_unwatched()

    def cancel_unwatched(self) -> None:
        """Cancel what nobody has looked at for too long."""
        for ticket in self.open():
            unseen = time.monotonic() - ticket.looked_at > PATIENCE
            if unseen and not self._is_there(ticket.owner):
                ticket.order("cancel")
