"""Make the records that the pages show at once.

    python -m analysis.experiments.record degradation
    python -m analysis.experiments.record --all --seeds 0 1 2 --threads 2

Each record is written to assets/runs anew after every seed, so that a run that is cut short leaves
the seeds that it has finished.
"""

from __future__ import annotations

import argparse
import datetime
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from analysis.experiments import records, ship
from analysis.experiments.records import Record
from analysis.experiments.search import comparison, enas, latency, priced
from analysis.experiments.search import table as search_table
from analysis.experiments.signal.measurements import MEASUREMENTS
from analysis.experiments.studies import columns, recording, reuse
from analysis.experiments.studies.catalogue import STUDIES
from analysis.experiments.studies.study import SEEDS
from analysis.experiments.transfer import study as transfer

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recorder:
    """What makes a record: `rows(seeds, say)` yields a table for each seed, in turn.

    `seeds` are those of the record that ships.
    """

    question: str
    rows: Callable[[Sequence[int], Callable[[str], None]], Iterable[pd.DataFrame]]
    settings: Any
    seeds: Sequence[int] = SEEDS


RECORDERS: dict[str, Recorder] = {
    **{
        name: Recorder(
            study.question, partial(recording.recorded, study), recording.settings(study)
        )
        for name, study in STUDIES.items()
    },
    "columns": Recorder(columns.QUESTION, columns.rows, columns.settings()),
    "reuse": Recorder(reuse.QUESTION, reuse.rows, reuse.settings()),
    search_table.NAME: Recorder(
        search_table.QUESTION, search_table.rows, search_table.settings(), search_table.SEEDS
    ),
    comparison.NAME: Recorder(
        comparison.QUESTION, comparison.rows, comparison.settings(), comparison.SEEDS
    ),
    "transfer": Recorder(transfer.QUESTION, transfer.rows, transfer.settings(), transfer.SEEDS),
    enas.NAME: Recorder(enas.QUESTION, enas.rows, enas.settings()),
    latency.NAME: Recorder(latency.QUESTION, latency.rows, latency.settings()),
    priced.NAME: Recorder(priced.QUESTION, priced.rows, priced.settings(), priced.SEEDS),
    **{
        name: Recorder(measurement.question, measurement.recorded, measurement.settings)
        for name, measurement in MEASUREMENTS.items()
    },
}


def record(name: str, seeds: Sequence[int] | None = None, folder: Path = records.FOLDER) -> Record:
    """Make the record `name`, write it to `folder` and return it; without seeds, with its own."""
    for grown in growing(name, seeds or RECORDERS[name].seeds):
        records.write(grown, folder)
    return records.read(name, folder)


def growing(name: str, seeds: Sequence[int]) -> Iterator[Record]:
    """The record as it stands after each seed."""
    recorder, tables = RECORDERS[name], []
    for done, table in enumerate(recorder.rows(seeds, _LOG.info), start=1):
        tables.append(table)
        yield Record(
            name, pd.concat(tables, ignore_index=True), _card(name, recorder, seeds[:done])
        )


def _card(name: str, recorder: Recorder, seeds: Sequence[int]) -> dict[str, Any]:
    return {
        "name": name,
        "question": recorder.question,
        "seeds": list(seeds),
        "settings": recorder.settings,
        "command": command(name, seeds),
        "machine": ship.machine(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "licence": "the licence of this project",
    }


def command(name: str, seeds: Sequence[int] | None = None) -> str:
    """The command that makes a record; without seeds, with its own."""
    text, usual = f"python -m analysis.experiments.record {name}", tuple(RECORDERS[name].seeds)
    chosen = usual if seeds is None else tuple(seeds)
    return text if chosen == usual else f"{text} --seeds {' '.join(map(str, chosen))}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; `--help` describes it."""
    parser = argparse.ArgumentParser(prog="python -m analysis.experiments.record")
    parser.add_argument("name", nargs="*", help=f"any of {', '.join(RECORDERS)}")
    parser.add_argument("--all", action="store_true", help="every record in turn")
    parser.add_argument("--seeds", type=int, nargs="+", help="default: its own")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
    choice = parser.parse_args(arguments)
    names = tuple(RECORDERS) if choice.all else tuple(choice.name)
    unknown = [name for name in names if name not in RECORDERS]
    if unknown or not names:
        parser.error(f"nothing to record: {unknown or 'no name'}; take --all or {list(RECORDERS)}")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(choice.threads)
    for name in names:
        record(name, choice.seeds)


if __name__ == "__main__":
    main()
