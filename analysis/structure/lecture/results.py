"""Numbers that papers print, found by where they stand; only those that were checked are here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cnn_models
from analysis.structure.printed import parsed

_FILE = Path(__file__).parents[3] / "assets" / "printed_results.json"
_RESULTS = "results"  # begins the address of a number that belongs to no network of the registry


class NotPrinted(LookupError):
    """No number of the atlas has this address; the message says which was asked for."""

    def __init__(self, address: str) -> None:
        super().__init__(f"No printed number has the address {address!r}.")


@dataclass(frozen=True)
class Result:
    """A number as printed, in percent where it is an error; how it was measured, and where."""

    text: str
    protocol: str
    source: str

    @property
    def value(self) -> float:
        found = parsed(self.text)
        if found is None:
            raise NotPrinted(self.text)
        return found.value


def result(address: str) -> Result:
    """The number at "network | quantity | words of its protocol or source", or "results | name".

    Raises:
        NotPrinted: if there is none.
    """
    first, *rest = address.split(" | ")
    if first == _RESULTS:
        if rest[0] in _others():
            return _others()[rest[0]]
        raise NotPrinted(address)
    quantity, words = rest
    for figure in cnn_models.spec(first).published:
        if figure.quantity == quantity and words in f"{figure.protocol}; {figure.source}":
            return Result(figure.value, figure.protocol, figure.source)
    raise NotPrinted(address)


@cache
def _others() -> dict[str, Result]:
    rows = json.loads(_FILE.read_text(encoding="utf-8"))
    return {row["name"]: Result(row["value"], row["protocol"], row["source"]) for row in rows}
