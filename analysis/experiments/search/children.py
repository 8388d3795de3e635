"""A search that trains every network it tries, here and now."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.experiments.messages import Judged, Search
from analysis.experiments.search.child import learned
from analysis.experiments.search.watched import watched
from analysis.experiments.training import Diverged


def judged(search: Search, obey: Callable[[], None]) -> Iterator[Judged]:
    """Search, and say after each network how it did; one that diverges has reward 0.

    A network that comes again is not trained again, since from the same seed it would come to the
    same. `obey` is called before each network and after each step; it may wait, and end the search
    by what it raises.
    """
    known: dict[int, tuple[float, str]] = {}  # reward and problem

    def reward(number: int) -> float:
        obey()
        if number not in known:
            known[number] = _reward(number, search.seed, obey)
        return known[number][0]

    for seen in watched(search.strategy, search.seed, reward, search.children):
        yield Judged(seen, known[seen.number][1])


def _reward(number: int, seed: int, obey: Callable[[], None]) -> tuple[float, str]:
    try:
        return learned(number, seed, lambda _: obey())[1], ""
    except Diverged as problem:
        return 0.0, str(problem)
