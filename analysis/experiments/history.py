"""The lines of runs as a table, with the settings that they were made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from analysis.experiments.runs import Run
from analysis.experiments.training import Epoch


def table(trained: Sequence[tuple[Run, Sequence[Epoch]]]) -> pd.DataFrame:
    """One row an epoch: run, network, data, seed, epoch, loss, errors 0..1, rate, seconds."""
    rows = [
        {
            "run": run.title,
            "network": run.network,
            "data": run.data,
            "seed": run.config.seed,
            **line._asdict(),
        }
        for run, lines in trained
        for line in lines
    ]
    head = ["run", "network", "data", "seed", *Epoch._fields]
    return pd.DataFrame(rows, columns=pd.Index(head))


def csv(trained: Sequence[tuple[Run, Sequence[Epoch]]]) -> str:
    """The table as CSV, each run's settings in columns of their own and its command in the last."""
    lines = table(trained)
    settings = pd.DataFrame(
        [
            {
                "side": run.side,
                "train": run.train,
                "test": run.test,
                **{
                    k: v
                    for k, v in asdict(run.config).items()
                    if k not in ("seed", "learning_rate")
                },
                "highest_learning_rate": run.config.learning_rate,
                "command": run.command(),
            }
            for run, epochs in trained
            for _ in epochs
        ]
    )
    return pd.concat([lines, settings], axis=1).to_csv(index=False, lineterminator="\n")


def _settings(run: Run) -> dict[str, object]:
    config = asdict(run.config)
    own = {"side": run.side, "train": run.train, "test": run.test}
    own["highest_learning_rate"] = config.pop("learning_rate")
    return {**own, **{k: v for k, v in config.items() if k != "seed"}, "command": run.command()}
