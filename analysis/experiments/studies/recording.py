"""Train all runs of a study, and make the rows of its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from torch import nn

from analysis.experiments import runs
from analysis.experiments.records import COLUMNS
from analysis.experiments.runs import Run
from analysis.experiments.studies.study import Study, seeded
from analysis.experiments.training import Diverged, Epoch, TrainingConfig, fit
from analysis.structure import graph
from analysis.vision.device import best_device

Say = Callable[[str], None]


def recorded(study: Study, seeds: Sequence[int], say: Say) -> Iterator[pd.DataFrame]:
    """The rows of each seed, as soon as all arms have been trained with it."""
    for seed in seeds:
        yield pd.concat([trained(seeded(run, seed), say)[1] for run in study.arms])


def trained(run: Run, say: Say) -> tuple[nn.Module, pd.DataFrame]:
    """Train one run: the network, and a row for each epoch. A run that diverges ends there.

    Raises:
        TrainingError: if it cannot be trained at all.
    """
    data = runs.drawn(run)
    channels = runs.channels_of(run)
    model = runs.network(run, data.outputs, channels)
    totals = graph.trace(model, (channels, run.side, run.side)).totals()
    lines: list[Epoch] = []

    def on_epoch(line: Epoch) -> None:
        lines.append(line)
        say(
            f"{run.title}, seed {run.config.seed}, epoch {line.epoch}: training error "
            f"{line.train_error:.1%}, test error {line.test_error:.1%}, {line.seconds:.1f} s"
        )

    try:
        fit(model.to(best_device()), data, run.config, on_epoch)
    except Diverged as problem:
        say(f"{run.title}, seed {run.config.seed}: {problem}")
    rows = pd.DataFrame(lines, columns=list(Epoch._fields))
    rows = rows.assign(
        run=run.title,
        seed=run.config.seed,
        parameters=totals.params,
        multiply_adds=totals.macs,
        seconds=rows["seconds"].round(2),
    )
    return model, rows.reindex(columns=list(COLUMNS))


def settings(study: Study) -> list[dict[str, Any]]:
    """What the card says of the arms: all that differs from a run's defaults."""
    return [described(run) for run in study.arms]


def described(run: Run) -> dict[str, Any]:
    """A run in plain data, without its seed."""
    standard = asdict(TrainingConfig())
    config = {k: v for k, v in asdict(run.config).items() if v != standard[k] and k != "seed"}
    return {
        "run": run.title,
        "network": run.network,
        "options": dict(run.options),
        "data": run.data,
        "side": run.side,
        "train": run.train,
        "test": run.test,
        "config": config,
    }
