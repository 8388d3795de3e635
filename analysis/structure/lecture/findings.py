"""What a checker finds out about a claim: numbers and readings, never a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis.structure.graph import Graph
from analysis.structure.lecture.claims import Stated

Trace = Callable[[str], Graph]
Number = int | float
Value = Number | str | tuple[Number, ...]


@dataclass(frozen=True)
class Reading:
    """What a statement comes to, if it is read in one way.

    `words` complete "… if"; they are empty for the plain reading, which needs no explanation.
    `how` says where the value comes from: the sum in numbers, or the table that prints it. A
    tuple answers a text with as many numbers, "3.86 / 3.87". `text` is the value as it is
    written, where that is not by its digits alone, such as "6.85%".
    """

    value: Value
    words: str = ""
    how: str = ""
    text: str = ""


@dataclass(frozen=True)
class Answer:
    """What is found about one statement.

    The first reading is the nearest one, the others are the ones that a fair reader might mean.
    Without any reading the statement stays open, and `remark` says why. Else `remark` says what
    would explain the deck's number.
    """

    stated: Stated
    readings: tuple[Reading, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Link:
    """A page of the atlas, by the name of its script, and the choices in its address."""

    page: str
    query: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """The answers to a claim, one for each of its parts, and the page that shows them."""

    answers: tuple[Answer, ...]
    where: Link | None = None


def architecture(key: str, **choices: str) -> Link:
    """The page of one network, opened at a stage, a block or a layer."""
    return Link("architecture", {"networks": key, **choices})


def compare(*keys: str) -> Link:
    """The page that puts networks side by side."""
    return Link("compare", {"networks": list(keys)})
