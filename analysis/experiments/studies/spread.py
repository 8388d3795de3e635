"""What the seeds of a record come to: a mean, the range, and how often one run beats another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import pandas as pd

from analysis.amounts import percent, short

Row = Mapping[Any, Any]

Error = Literal["train_error", "test_error"]
WORDS: dict[str, str] = {"train_error": "training error", "test_error": "test error"}


class Spread(NamedTuple):
    """One quantity of one run over its seeds."""

    mean: float
    low: float
    high: float
    seeds: int

    def __str__(self) -> str:
        return f"{percent(self.mean)} ({percent(self.low)} to {percent(self.high)})"


def finals(rows: pd.DataFrame) -> dict[str, dict[int, Row]]:
    """The last epoch of every run and seed: {run: {seed: row}}, in the order of the record."""
    found: dict[str, dict[int, Row]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(str(row["run"]), {})[int(row["seed"])] = row
    return found


def over(values: Sequence[float]) -> Spread:
    """The spread of one value for each seed."""
    return Spread(sum(values) / len(values), min(values), max(values), len(values))


def spread(rows: pd.DataFrame, run: str, quantity: str) -> Spread:
    """A quantity at the end of a run, over the seeds.

    Raises:
        KeyError: if the record has no such run.
    """
    return over([float(row[quantity]) for row in finals(rows)[run].values()])


def by_epoch(rows: pd.DataFrame, run: str, quantity: str) -> dict[int, Spread]:
    """A quantity of a run after each epoch, over the seeds that have come so far."""
    values: dict[int, list[float]] = {}
    for row in rows.to_dict("records"):
        if row["run"] == run:
            values.setdefault(int(row["epoch"]), []).append(float(row[quantity]))
    return {epoch: over(found) for epoch, found in values.items()}


def amount(rows: pd.DataFrame, run: str, quantity: str) -> int:
    """What is the same with every seed: parameters or multiply_adds of a run."""
    return int(next(iter(finals(rows)[run].values()))[quantity])


def cost(rows: pd.DataFrame, run: str) -> str:
    """Parameters and multiply-adds of a run in words."""
    params, macs = (short(amount(rows, run, name)) for name in ("parameters", "multiply_adds"))
    return f"{params} parameters and {macs} multiply-adds"


def wins(rows: pd.DataFrame, lower: str, higher: str, quantity: Error) -> tuple[int, int]:
    """In how many seeds the run `lower` ends with the lower error, and of how many."""
    ends = finals(rows)
    pairs = [
        (float(row[quantity]), float(ends[higher][seed][quantity]))
        for seed, row in ends[lower].items()
        if seed in ends[higher]
    ]
    return sum(one < two for one, two in pairs), len(pairs)


def compared(rows: pd.DataFrame, first: str, second: str, quantity: Error) -> str:
    """Two runs side by side in one sentence, with the range over the seeds."""
    one, two = spread(rows, first, quantity), spread(rows, second, quantity)
    return (
        f"The {WORDS[quantity]} is {one} with {first} and {two} with {second}: "
        f"{_how_often(rows, first, second, quantity)}."
    )


def _how_often(rows: pd.DataFrame, first: str, second: str, quantity: Error) -> str:
    lower, of = wins(rows, first, second, quantity)
    higher, _ = wins(rows, second, first, quantity)
    if lower == of:
        return f"lower with {first} in all {of} seeds"
    if higher == of:
        return f"lower with {second} in all {of} seeds"
    return (
        f"lower with {first} in {lower} of {of} seeds, lower with {second} in {higher}, "
        "so these runs do not decide it"
    )


def best(rows: pd.DataFrame, quantity: Error = "test_error") -> str:
    """The run with the lowest mean at the end."""
    labels = dict.fromkeys(map(str, rows["run"]))
    return min(labels, key=lambda run: spread(rows, run, quantity).mean)


def seeds_said(rows: pd.DataFrame) -> str:
    """Which seeds a record has: "seeds 0, 1 and 2"."""
    seeds = sorted({int(seed) for seed in rows["seed"]})
    *first, last = map(str, seeds)
    return f"seeds {', '.join(first)} and {last}" if first else f"seed {last}"
