"""A process that trains: `python -m analysis.experiments.worker`, started by `workshop`.

A run has a process to itself, so that it shares no model, no random numbers and no lock of Python's
with the pages, and so that nothing is left of it in their memory. Orders come pickled on standard
input (a `Job`, then "pause", "resume" or "cancel"), reports go pickled to standard output; what
anybody prints goes to standard error.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

import torch
from safetensors.torch import save
from torch import nn

from analysis.experiments import runs
from analysis.experiments.folder import Folder
from analysis.experiments.messages import Ended, Job, Lined, Moved, Order, Over, Report
from analysis.experiments.runs import Run
from analysis.experiments.search.children import judged
from analysis.experiments.training import Step, TrainingError, fit
from analysis.vision import device

PACE = 0.25  # seconds between two reports of a step
KEPT_BYTES = 64 * 2**20  # largest weights that are sent back


class Cancelled(Exception):
    """Whoever asked for the run wants it no longer."""


class Orders:
    """What the other side has asked for since; the loop asks after every step."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._go.set()
        self._cancelled = False

    def take(self, order: Order) -> None:
        if order == "pause":
            self._go.clear()
            return
        self._cancelled = self._cancelled or order == "cancel"
        self._go.set()

    def obey(self) -> None:
        """Wait while paused.

        Raises:
            Cancelled: if the run is wanted no longer.
        """
        self._go.wait()
        if self._cancelled:
            raise Cancelled


def work(job: Job, orders: Orders, send: Callable[[Report], None]) -> None:
    """Train all runs of the job in turn, or search; reports go out as they come."""
    torch.set_num_threads(job.threads)
    try:
        for number, run in enumerate(job.runs):
            orders.obey()
            send(_ended(number, run, job.folder, orders, send))
        if job.search:
            for report in judged(job.search, orders.obey):
                send(report)
        send(Over())
    except Cancelled:
        send(Over(cancelled=True))


def _ended(
    number: int, run: Run, folder: Folder | None, orders: Orders, send: Callable[[Report], None]
) -> Ended:
    """Train a run; one that cannot be trained does not stop the others."""
    try:
        weights = save(_trained(number, run, folder, orders, send).state_dict())
    except TrainingError as problem:
        return Ended(number, problem=str(problem))
    except (MemoryError, RuntimeError) as problem:
        said = str(problem).splitlines()[0] if str(problem) else "no memory was left"
        return Ended(number, problem=f"{run.title} stopped: {said}")
    return Ended(number, weights if len(weights) <= KEPT_BYTES else b"")


def _trained(
    number: int, run: Run, folder: Folder | None, orders: Orders, send: Callable[[Report], None]
) -> nn.Module:
    data = runs.drawn(run, folder)
    orders.obey()
    model = runs.network(run, data.outputs, runs.channels_of(run)).to(device.best_device())
    last = [0.0]

    def on_step(at: Step) -> None:
        now = time.monotonic()
        if now - last[0] >= PACE:
            last[0] = now
            send(Moved(number, at.step, at.steps, float(at.loss)))
        orders.obey()

    fit(model, data, run.config, lambda line: send(Lined(number, line)), on_step)
    return model.cpu().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]  # torch's stub lacks it


def serve(orders_in: BinaryIO, reports_out: BinaryIO) -> None:
    """Do one job that arrives on a stream, and report on another."""
    job: Job = pickle.load(orders_in)  # noqa: S301 - from the process that started this one
    orders = Orders()
    threading.Thread(target=_listen, args=(orders_in, orders), daemon=True).start()

    def send(report: Report) -> None:
        pickle.dump(report, reports_out)
        reports_out.flush()

    work(job, orders, send)


def _listen(orders_in: BinaryIO, orders: Orders) -> None:
    """Take orders until whoever gives them is gone, and end with them."""
    while True:
        try:
            orders.take(pickle.load(orders_in))  # noqa: S301 - as above
        except (EOFError, OSError):
            os._exit(0)


def main() -> None:
    """Serve on standard input and output, which nobody else may write to; pages go first."""
    if hasattr(os, "nice"):
        os.nice(5)
    reports = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, reports)
    os._exit(0)  # at an orderly end Python would wait for the thread that still listens, and abort


if __name__ == "__main__":
    main()
