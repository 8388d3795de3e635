"""Jobs: their process, their queue, and what happens when somebody goes."""

import threading
from collections.abc import Iterator

import pytest
import torch
from safetensors.torch import load

from analysis.experiments import messages, runs, ticket, workshop
from analysis.experiments.messages import Ended, Job, Lined, Moved, Over, Report
from analysis.experiments.runs import Run
from analysis.experiments.ticket import Ticket
from analysis.experiments.training import TrainingConfig, fit
from analysis.experiments.worker import Orders, work
from analysis.experiments.workshop import Full, Workshop


def tiny(seed: int = 0, epochs: int = 1, rate: float = 0.03, **changes: object) -> Run:
    config = TrainingConfig(epochs=epochs, batch_size=20, learning_rate=rate, warmup=0, seed=seed)
    return Run("residual", "shapes", 8, 40, 20, config, {"depth": 8} | changes)


def done_by(orders: Orders, *todo: Run) -> list[Report]:
    reports: list[Report] = []
    before = torch.get_num_threads()
    work(Job(todo), orders, reports.append)
    torch.set_num_threads(before)
    return reports


@pytest.fixture
def shop() -> Iterator[Workshop]:
    made = Workshop(slots=1)
    yield made
    made.close()


def over(ticket: Ticket) -> Ticket:
    assert ticket.ended.wait(60)
    return ticket


def test_a_job_says_its_steps_its_epochs_and_its_weights() -> None:
    moved, *rest = done_by(Orders(), tiny(epochs=2))
    assert isinstance(moved, Moved)
    assert (moved.run, moved.step, moved.steps) == (0, 1, 4)
    assert [type(report) for report in rest if not isinstance(report, Moved)] == [
        Lined,
        Lined,
        Ended,
        Over,
    ]


def test_the_process_gives_the_same_bits_as_the_loop_called_here(shop: Workshop) -> None:
    run = tiny(seed=5)
    torch.set_num_threads(1)
    data = runs.drawn(run)
    model = runs.network(run, data.outputs, 3)
    lines = fit(model, data, run.config)
    ticket = over(shop.submit(Job((run,), threads=1), "one", "me"))
    assert ticket.state == "done"
    (progress,) = ticket.progress
    assert progress.lines[0][:4] == lines[0][:4]
    theirs = load(progress.weights)
    assert all(torch.equal(value, theirs[name]) for name, value in model.state_dict().items())


def test_a_run_that_diverges_says_at_which_step_and_the_next_one_is_trained() -> None:
    reports = done_by(Orders(), tiny(rate=1e30, epochs=9), tiny())
    wild, tame = (report for report in reports if isinstance(report, Ended))
    assert "not a finite number at step" in wild.problem
    assert not wild.weights
    assert tame.weights
    assert not tame.problem
    assert reports[-1] == Over()


def test_cancelling_ends_a_job_after_the_step() -> None:
    orders, reports = Orders(), []

    def send(report: Report) -> None:
        reports.append(report)
        orders.take("cancel")

    work(Job((tiny(epochs=50),)), orders, send)
    assert [type(report) for report in reports] == [Moved, Over]
    assert reports[-1] == Over(cancelled=True)


def test_a_paused_job_makes_no_step_until_it_is_resumed() -> None:
    orders, reports, stepped = Orders(), [], threading.Event()

    def send(report: Report) -> None:
        if not reports:
            orders.take("pause")
        reports.append(report)
        stepped.set()

    training = threading.Thread(target=work, args=(Job((tiny(),)), orders, send))
    training.start()
    assert stepped.wait(60)
    training.join(0.05)
    assert training.is_alive()
    assert len(reports) == 1
    orders.take("resume")
    training.join(60)
    assert reports[-1] == Over()


def test_jobs_wait_in_the_order_in_which_they_came(shop: Workshop) -> None:
    first = shop.submit(Job((tiny(epochs=500),)), "first", "a")
    second = shop.submit(Job((tiny(epochs=500),)), "second", "b")
    third = shop.submit(Job((tiny(),)), "third", "c")
    assert [ticket.title for ticket in shop.ahead_of(third)] == ["first", "second"]
    second.order("cancel")
    assert [ticket.title for ticket in shop.ahead_of(third)] == ["first"]
    assert second.state == "cancelled"
    first.order("cancel")
    assert over(third).state == "done"
    assert over(first).state == "cancelled"
    assert not shop.open()


def test_nobody_fills_the_queue_alone(shop: Workshop) -> None:
    for _ in range(workshop.MOST_OF_ONE):
        shop.submit(Job((tiny(epochs=500),)), "mine", "me")
    with pytest.raises(Full, match="Cancel one, or wait"):
        shop.submit(Job((tiny(),)), "mine", "me")
    assert shop.submit(Job((tiny(),)), "theirs", "you").state == "waiting"


def test_what_nobody_watches_is_cancelled_when_its_owner_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"stays"}
    shop = Workshop(slots=1, is_there=there.__contains__)
    stays = shop.submit(Job((tiny(epochs=500),)), "a", "stays")
    watched = shop.submit(Job((tiny(),)), "b", "gone")
    left = shop.submit(Job((tiny(),)), "c", "gone")
    monkeypatch.setattr(workshop, "PATIENCE", 60.0)
    for unwatched in (stays, left):
        unwatched.looked_at -= 61
    shop.cancel_unwatched()
    assert [ticket.is_over for ticket in (stays, watched, left)] == [False, False, True]
    shop.close()
    over(stays)


def test_a_process_that_dies_fails_its_job_and_not_the_queue(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket, "WORKER", ("-c", "raise SystemExit(9)"))
    died = over(shop.submit(Job((tiny(),)), "one", "me"))
    assert died.state == "failed"
    assert "smaller batch" in died.problem
    monkeypatch.undo()
    assert over(shop.submit(Job((tiny(),)), "two", "me")).state == "done"


def test_finished_jobs_are_forgotten_at_last(shop: Workshop) -> None:
    blocker = shop.submit(Job((tiny(epochs=500),)), "blocks", "other")
    for _ in range(100):
        shop.submit(Job((tiny(),)), "cancelled", "me").order("cancel")
    assert len(shop.of("me")) <= workshop.KEPT + 1
    blocker.order("cancel")
    over(blocker)


def test_losses_of_a_long_run_are_thinned() -> None:
    progress = ticket.Progress()
    for step in range(1, 10_001):
        progress.take(Moved(0, step, 10_000, 1 / step))
    assert ticket.TRACE / 2 <= len(progress.losses) <= ticket.TRACE
    assert progress.losses[-1][0] > 9_900
    assert progress.seconds_left == 0


def test_messages_can_be_told_to_another_process() -> None:
    assert all(vars(messages)[kind].__module__ == messages.__name__ for kind in ("Job", "Moved"))
