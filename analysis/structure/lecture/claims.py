"""What the lecture decks state: 200 numbers and sentences, each with the deck's own words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[3] / "assets" / "lecture_claims.json"


@dataclass(frozen=True)
class Stated:
    """One thing that a claim states, in the deck's digits.

    `of` says what a checker has to look at: names of operations, or where a number is printed.
    """

    name: str
    text: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One claim of the decks.

    `decks` and `topic` are names for addresses (see `Collection`), `kind` is "computed",
    "formula", "published" or "experiment", `quantity` says which checker answers it, `networks`
    are keys of the registry, `statement` is the claim as a sentence, and `as_stated` what stands
    on the slide.
    """

    id: str
    decks: tuple[str, ...]
    topic: str
    kind: str
    quantity: str
    networks: tuple[str, ...]
    statement: str
    as_stated: str
    parts: tuple[Stated, ...]


@dataclass(frozen=True)
class Collection:
    """All claims in the order of the lectures; `decks` and `topics` map short names to titles."""

    decks: dict[str, str]
    topics: dict[str, str]
    claims: tuple[Claim, ...]

    def of_topic(self, topic: str) -> tuple[Claim, ...]:
        """The claims about one topic, in order; empty for a topic that there is not."""
        return tuple(claim for claim in self.claims if claim.topic == topic)


@cache
def collection() -> Collection:
    """The claims of the five decks; `assets/ORIGIN.md` says where they are from."""
    raw = json.loads(_FILE.read_text(encoding="utf-8"))
    return Collection(raw["decks"], raw["topics"], tuple(_claim(row) for row in raw["claims"]))


def _claim(row: dict[str, Any]) -> Claim:
    parts = tuple(Stated(part["name"], part["text"], tuple(part["of"])) for part in row["parts"])
    return Claim(
        **{
            **row,
            "decks": tuple(row["decks"]),
            "networks": tuple(row["networks"]),
            "parts": parts,
        }
    )
