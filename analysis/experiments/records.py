"""Recorded runs: trainings that took longer than a class waits, with how they were made.

A record is two files in assets/runs: NAME.csv, its rows, and NAME.json, its card. The rows of a
study have the columns `COLUMNS`, one row for each epoch of each run and seed; errors are 0..1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.amounts import listed
from analysis.experiments.training import TrainingConfig

FOLDER = Path(__file__).parents[2] / "assets" / "runs"
MOST_LISTED = 5  # seeds that are named one by one
COLUMNS = (
    "run",
    "seed",
    "epoch",
    "train_loss",
    "train_error",
    "test_error",
    "seconds",
    "parameters",
    "multiply_adds",
)


class NotRecorded(LookupError):
    """There is no record of this name; the message says which command makes it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no record {name!r}. `python -m analysis.experiments.record {name}` makes it."
        )


@dataclass(frozen=True)
class Record:
    """Rows, and the card that says how they were made."""

    name: str
    rows: pd.DataFrame
    card: Mapping[str, Any]

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(self.card["seeds"])

    @property
    def data(self) -> str:
        """Which images the runs learned and were judged by, and for how long, in sentences.

        What differs from run to run is given as far as the first run goes.
        """
        run = self.card["settings"][0]
        config = TrainingConfig(**run["config"])
        sides = listed(dict.fromkeys(f"{other['side']}" for other in self.card["settings"]))
        return (
            f"{run['train']:,} handwritten digits at {sides} pixels to learn from, varied anew in "
            f"every batch, and {run['test']:,} others to be judged by; {config.epochs} epochs of "
            f"batches of {config.batch_size}, learning rate {config.learning_rate:g}. The training "
            "error is the mean over an epoch, on the varied digits, so that it can lie above the "
            "test error."
        )

    @property
    def origin(self) -> str:
        """How it was made, in a sentence or two."""
        card = self.card
        return (
            f"Recorded on {card['date']} with `{card['command']}`, {_in_words(self.seeds)}, on "
            f"{card['machine']}."
        )


def _in_words(seeds: Sequence[int]) -> str:
    """Such as "seeds 0, 1 and 2", "seed 0 alone" or "seeds 0 to 99"."""
    if len(seeds) == 1:
        return f"seed {seeds[0]} alone"
    if len(seeds) > MOST_LISTED and list(seeds) == list(range(seeds[0], seeds[-1] + 1)):
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return f"seeds {listed(map(str, seeds))}"


def read(name: str, folder: Path = FOLDER) -> Record:
    """The record `name`.

    Raises:
        NotRecorded: if it has not been made.
    """
    rows, card = folder / f"{name}.csv", folder / f"{name}.json"
    if not (rows.exists() and card.exists()):
        raise NotRecorded(name)
    return Record(name, pd.read_csv(rows), json.loads(card.read_text(encoding="utf-8")))


def write(record: Record, folder: Path = FOLDER) -> None:
    """Write both files; floats with six significant digits."""
    folder.mkdir(parents=True, exist_ok=True)
    record.rows.to_csv(folder / f"{record.name}.csv", index=False, float_format="%.6g")
    text = json.dumps(dict(record.card), indent=2, ensure_ascii=False) + "\n"
    (folder / f"{record.name}.json").write_text(text, encoding="utf-8")
