"""A search that trains each network it tries, as a job of the workshop."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
import torch

from analysis.experiments.messages import Job, Judged, Over, Report, Search
from analysis.experiments.search import child, strategies, trail
from analysis.experiments.search.strategies import STRATEGIES
from analysis.experiments.search.watched import watched
from analysis.experiments.ticket import Progress
from analysis.experiments.worker import Orders, work


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CONFIG", replace(child.CONFIG, epochs=1, batch_size=128))


def reports_of(search: Search, then: Callable[[Orders], None] = lambda _: None) -> list[Report]:
    orders, reports, threads = Orders(), [], torch.get_num_threads()

    def send(report: Report) -> None:
        reports.append(report)
        then(orders)

    work(Job(search=search), orders, send)
    torch.set_num_threads(threads)
    return reports


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_seed_gives_the_same_trail(strategy: str) -> None:
    once, again = (reports_of(Search(strategy, 2, seed=5)) for _ in range(2))
    assert once == again
    *judged, over = once
    assert over == Over()
    assert len(judged) == 2
    for report in judged:
        assert isinstance(report, Judged)
        assert report.seen.reward == child.trained(report.seen.number, 5).reward
        assert len(report.seen.chances) == (11 if strategy == "reinforce" else 0)


def test_it_can_be_cancelled_between_two_networks() -> None:
    judged, over = reports_of(Search("random", 50), lambda orders: orders.take("cancel"))
    assert isinstance(judged, Judged)
    assert over == Over(cancelled=True)


def test_a_network_that_diverges_has_no_reward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CONFIG", replace(child.CONFIG, learning_rate=1e30, warmup=0.0))
    first, second, _ = reports_of(Search("reinforce", 2))
    for report in (first, second):
        assert isinstance(report, Judged)
        assert report.seen.reward == 0
        assert "not a finite number at step" in report.problem


def test_a_network_that_comes_again_is_not_trained_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stubborn:
        def __init__(self, _: int) -> None: ...

        def ask(self) -> int:
            return 0

        def tell(self, number: int, reward: float) -> None: ...

    trained: list[tuple[int, int]] = []

    def learned(number: int, seed: int, _: object) -> tuple[None, float]:
        trained.append((number, seed))
        return None, 0.25

    monkeypatch.setattr("analysis.experiments.search.watched.STRATEGIES", {"stubborn": Stubborn})
    monkeypatch.setattr("analysis.experiments.search.children.learned", learned)
    judged = reports_of(Search("stubborn", 4, seed=7))[:-1]
    assert trained == [(0, 7)]
    assert [report.seen.reward for report in judged if isinstance(report, Judged)] == [0.25] * 4


def test_a_ticket_counts_networks_as_steps() -> None:
    progress = Progress(steps=2)
    for report in reports_of(Search("random", 2))[:-1]:
        assert isinstance(report, Judged)
        progress.take(report)
    assert (progress.step, progress.steps, len(progress.judged)) == (2, 2, 2)
    assert progress.seconds_left == 0


def test_the_trail_is_written_out_with_its_settings() -> None:
    search = Search("reinforce", 2, seed=3)
    judged = [report for report in reports_of(search) if isinstance(report, Judged)]
    rows = pd.read_csv(StringIO(trail.csv(search, judged)))
    assert list(rows["reward"]) == [report.seen.reward for report in judged]
    assert list(rows["network"]) == [f"searched_{report.seen.number}" for report in judged]
    assert set(rows["strategy"]) == {"reinforce"}
    assert set(rows["training seed"]) == {3}
    assert all(0 < chance < 1 for chance in rows["skip, layer 3: 1"])
    best = trail.best([report.seen for report in judged])
    assert best == np.argmax(rows["reward"])


def test_watching_a_search_changes_nothing() -> None:
    def reward(number: int) -> float:
        return number % 7 / 7

    for name, make in STRATEGIES.items():
        tried = strategies.search(make(1), reward, 30)
        assert [(seen.number, seen.reward) for seen in watched(name, 1, reward, 30)] == tried
