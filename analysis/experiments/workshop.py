"""The queue of jobs: who trains now, who waits, and what came of it.

Each job has a process of its own (`worker`). At most `slots` train at a time, the others wait in
the order in which they came. A job whose owner has gone, and that nobody has looked at for
`PATIENCE` seconds, is cancelled, so that a closed laptop does not keep the machine from others.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from analysis.experiments.messages import Job
from analysis.experiments.ticket import Ticket

PATIENCE = 60.0
KEPT = 60  # finished jobs that are remembered
MOST_OF_ONE = 3  # jobs of one owner that may wait or train
MOST = 40  # jobs of all that may wait or train


class Full(RuntimeError):
    """No further job is taken; the message says what would help."""


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
