"""How long work says how far it has come, and how it is stopped.

Work that can take more than a second takes a `Report` and calls it between its batches. Whoever
gave it may raise there: the exception ends the work, and whatever the work had borrowed is put
back as after any other exception.
"""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int], None]
"""Called with the steps that are done and the steps there are."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""
