"""What has been computed once, for every session, with a bound on the memory it takes."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from cachetools import LRUCache

_LOOKS = 0.2  # seconds between two looks at whether another session has the answer


class Answers:
    """Results by name; those that were asked for longest ago go first.

    Of two sessions that want the same at once, one computes and the other waits for it. Results
    are kept as bytes, so that no session can change what another is given.
    """

    def __init__(self, most_bytes: int) -> None:
        self._kept: LRUCache[Hashable, bytes] = LRUCache(most_bytes, getsizeof=len)
        self._running: dict[Hashable, threading.Lock] = {}
        self._guard = threading.Lock()

    def __contains__(self, name: Hashable) -> bool:
        with self._guard:
            return name in self._kept

    def get(self, name: Hashable) -> Any:
        """The result called `name`.

        Raises:
            KeyError: if there is none.
        """
        with self._guard:
            content = self._kept[name]
        return pickle.loads(content)  # noqa: S301 (written below, by this process)

    def compute(self, name: Hashable, work: Callable[[], Any], waiting: Callable[[], None]) -> Any:
        """The result called `name`, computed here unless it is kept or being computed.

        Args:
            name: says everything that the result depends on.
            work: computes it. What it raises is raised here, and nothing is kept.
            waiting: called every 0.2 s while another session computes; it may raise.
        """
        with self._turn(name, waiting):
            with suppress(KeyError):
                return self.get(name)
            result = work()
            content = pickle.dumps(result)
            with self._guard:
                if len(content) <= self._kept.maxsize:
                    self._kept[name] = content
            return result

    @contextmanager
    def _turn(self, name: Hashable, waiting: Callable[[], None]) -> Iterator[None]:
        while True:
            with self._guard:
                ahead = self._running.get(name)
                if ahead is None:
                    mine = self._running[name] = threading.Lock()
                    mine.acquire()
                    break
            if ahead.acquire(timeout=_LOOKS):
                ahead.release()
            else:
                waiting()
        try:
            yield
        finally:
            with self._guard:
                del self._running[name]
            mine.release()
