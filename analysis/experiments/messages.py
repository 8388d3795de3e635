"""What a workshop and the process that trains say to each other.

They stand in a module of their own, since a class of the module that runs as a program has another
name there, and could not be told to others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from analysis.experiments.folder import Folder
from analysis.experiments.runs import Run
from analysis.experiments.search.watched import Seen
from analysis.experiments.training import Epoch


@dataclass(frozen=True)
class Search:
    """A search that trains each network it tries: the name of its strategy, and how many it tries.

    The seed decides what the strategy draws, and how each network starts and learns.
    """

    strategy: str
    children: int
    seed: int = 0


@dataclass(frozen=True)
class Job:
    """Runs, one after the other, or a search, whose runs are decided as it goes.

    `folder` holds the user's pictures where a run learns those.
    """

    runs: tuple[Run, ...] = ()
    folder: Folder | None = None
    threads: int = 1
    search: Search | None = None


class Moved(NamedTuple):
    """A step was made: in which run, at which step of how many, with which loss."""

    run: int
    step: int
    steps: int
    loss: float


class Lined(NamedTuple):
    """An epoch of a run has ended."""

    run: int
    epoch: Epoch


class Ended(NamedTuple):
    """A run has ended: with its weights as safetensors, or with a sentence on why it could not."""

    run: int
    weights: bytes = b""
    problem: str = ""


class Judged(NamedTuple):
    """A search has trained and judged a network; `problem` says why it could not be trained."""

    seen: Seen
    problem: str = ""


class Over(NamedTuple):
    """All runs have ended, or the job was cancelled."""

    cancelled: bool = False


Report = Moved | Lined | Ended | Judged | Over
Order = Literal["pause", "resume", "cancel"]
