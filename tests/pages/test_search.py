"""The Search page: what it shows of recorded searches, and a search from its start to its end."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import cnn_models
from analysis.experiments import records
from analysis.experiments.messages import Job, Judged, Search
from analysis.experiments.records import NotRecorded, Record
from analysis.experiments.search import comparison, enas, latency, priced, table
from analysis.experiments.search.reward import COSTS
from analysis.experiments.search.tabulated import Tabulated
from analysis.experiments.search.watched import Seen
from analysis.experiments.ticket import Ticket
from analysis.experiments.workshop import Workshop
from cnn_models.families.searched import COUNT, key_of
from pages.parts.search import tabled, watch
from pages.parts.search.children import TITLE
from pages.parts.studies.shown import read_record
from pages.parts.training import shop
from tests.pages.app import opened, words

CARD = {"seeds": [0, 1], "date": "today", "command": "make it", "machine": "a machine"}


@cache
def made(name: str) -> Record:
    """Tables that are drawn, not trained: a larger network is better, with some luck."""
    random, numbers = np.random.default_rng(0), np.tile(np.arange(COUNT), 2)
    macs = np.array([cnn_models.spec(key_of(number)).exact_macs for number in range(COUNT)], float)
    merit = np.log(macs) / np.log(macs.max())
    drawn = {"number": numbers, "seed": np.repeat([0, 1], COUNT)}
    chance = np.tile(merit, 2) * 0.95
    every = pd.DataFrame(
        drawn
        | {name: random.binomial(300, chance) / 300 for name in ("reward", "test")}
        | {"seconds": 0.5}
    )
    if name == table.NAME:
        rows = every
    elif name == comparison.NAME:
        known = Tabulated.from_rows(every)
        searches = [("random", 0), ("random", 1), ("evolution", 0), ("evolution", 1)]
        searches += [("reinforce", 0), ("reinforce", 1)]
        rows = pd.concat([comparison.searched(known, *one, (1, 10, 20, 40)) for one in searches])
    elif name == latency.NAME:
        rows = pd.DataFrame(drawn | {"milliseconds": np.tile(0.1 + macs / 1e7, 2)})
    elif name == priced.NAME:
        found = [(cost, weight, 0, 417) for cost in COSTS for weight in (0.0, -0.5)]
        rows = pd.DataFrame(found, columns=list(priced.COLUMNS))
    elif name == enas.NAME:
        rows = pd.DataFrame(_shared(merit), columns=list(enas.COLUMNS))
    else:
        raise NotRecorded(name)
    return Record(name, rows, CARD)


def _shared(merit: np.ndarray) -> Iterator[tuple[object, ...]]:
    for seed in (0, 1):
        yield "found", seed, 0, 417, 0.9, 20.0
        yield "timed", seed, 0, 5, 0.8, 0.5
        for number in range(seed, COUNT, 50):
            yield "ranked", seed, 0, number, float(merit[number] / 2), 0.0


@pytest.fixture
def drawn_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    kept = (read_record, tabled.tabulated, watch.searched)
    for one in kept:
        one.clear()
    monkeypatch.setattr(records, "read", made)
    yield
    for one in kept:
        one.clear()


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    made = Workshop(slots=1)
    monkeypatch.setattr(shop, "workshop", lambda: made)
    yield made
    made.close()


def shown(**query: str) -> AppTest:
    app = opened("search", **query)
    assert not app.exception
    assert not app.warning
    return app


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


@pytest.mark.usefixtures("drawn_tables")
def test_a_controller_is_watched_and_its_find_put_in_focus(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "BUDGET", 40)
    app = shown(draws="3", tried="25")
    seen = watch.searched(tabled.tabulated(made(table.NAME)), 3)
    best = max(range(25), key=lambda place: seen[place].reward)
    key = key_of(seen[best].number)
    said = words(app)
    assert f"**{cnn_models.spec(key).display_name}**, tried as number {best + 1}, is" in said
    assert f"{cnn_models.spec(key).exact_macs:,} multiply-adds" in said
    assert len(app.get("plotly_chart")) == 2
    button(app, f"Put {cnn_models.spec(key).display_name} in focus").click().run()
    assert app.query_params["networks"] == [key, "vgg16", "resnet50"]
    assert "is in focus" in words(app)


@pytest.mark.usefixtures("drawn_tables")
@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"search": "chance"}, "After 40 networks: **"),
        ({"search": "cost", "turned": "-0.5"}, "with a weight of 0 and "),
        ({"search": "cost", "turned": "-0.5"}, "with a weight of −0.5."),
        ({"search": "cost", "priced": "latency"}, "milliseconds an image"),
        ({"search": "shared"}, "Rank correlation of seed 0: **"),
    ],
)
def test_each_part_shows_its_figure_and_quotes_it(part: dict[str, str], sentence: str) -> None:
    app = shown(**part)
    assert sentence in words(app)
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("part", ["watch", "chance", "cost", "shared"])
def test_a_record_that_is_missing_is_said(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Record:
        raise NotRecorded(name)

    monkeypatch.setattr(records, "read", missing)
    read_record.clear()
    app = shown(search=part)
    assert "There is no record" in app.info[0].value


def test_a_search_is_started_and_its_table_taken_away(queue: Workshop) -> None:
    app = shown(search="children", children="2", strategy="random", begun="4")
    button(app, "Search, and train 2 networks").click().run()
    ticket = queue.ticket(app.query_params["job"])
    assert ticket
    assert ticket.job.search == Search("random", 2, 4)
    assert ticket.ended.wait(120)
    assert ticket.state == "done"
    app.run()
    first, second = (report.seen.reward for report in ticket.search.judged)
    assert f"it gets {100 * max(first, second):.1f}% of the 300 digits right" in words(app)
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["Networks tried (CSV)"]


def test_a_search_that_goes_on_is_followed_on_the_training_page_too(
    queue: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = Ticket(Job(search=Search("reinforce", 40, seed=2)), TITLE, "another session")
    ticket.state = "training"
    chances = ((0.75, 0.25),) * 11
    for number, problem in ((417, ""), (3, "The loss is not a number.")):
        reward = 0.0 if problem else 0.9
        ticket.search.take(Judged(Seen(number, reward, chances, None), problem))
    monkeypatch.setattr(queue, "ticket", lambda _: ticket)
    monkeypatch.setattr(queue, "names", lambda: [ticket.name])
    for page in ("search", "train"):
        app = opened(page, job=ticket.name, **({"search": "children"} if page == "search" else {}))
        assert not app.exception
        said = words(app)
        assert "**Searched 417**, tried as number 1, is the best of 2 so far" in said
        assert "1 network could not be trained and has reward 0. Searched 3: The loss" in said
