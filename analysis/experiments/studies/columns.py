"""FractalNet's columns: Larsson, Maire, Shakhnarovich (ICLR 2017), Section 4, on digits.

With drop-path every column learns to answer alone; without it, only all of them together do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import pandas as pd
from torch import nn

from analysis.experiments import runs
from analysis.experiments.runs import Run
from analysis.experiments.studies.recording import Say, described, trained
from analysis.experiments.studies.spread import Spread, over
from analysis.experiments.studies.study import arm, seeded
from analysis.experiments.training import accuracy
from cnn_models.families.fractalnet import FractalBlock, FractalNet

COLUMNS = 3
TOGETHER = "all together"
WITH, WITHOUT = "with drop-path", "without"
QUESTION = "Can each column of a FractalNet answer alone?"
ARMS = (
    arm(WITH, "fractal", columns=COLUMNS, drop_path=0.15, global_share=0.5),
    arm(WITHOUT, "fractal", columns=COLUMNS, drop_path=0.0, global_share=0.0),
)


def rows(seeds: Sequence[int], say: Say) -> Iterator[pd.DataFrame]:
    """A row for each column, and one for all together: run, seed, column, layers, test_error."""
    for seed in seeds:
        yield pd.concat([_of(seeded(run, seed), say) for run in ARMS])


def _of(run: Run, say: Say) -> pd.DataFrame:
    model, _ = trained(run, say)
    if not isinstance(model, FractalNet):
        raise TypeError(f"{run.title} has no columns.")
    data = runs.drawn(run)
    parts: dict[str, int | None] = {f"column {c}": c for c in range(1, COLUMNS + 1)}
    parts[TOGETHER] = None
    lines = []
    for name, column in parts.items():
        model.use_column(column)
        wrong = 1 - accuracy(model, data.test, data.prepare)
        lines.append((run.title, run.config.seed, name, _layers(model, column), wrong))
    model.use_column(None)
    return pd.DataFrame(lines, columns=["run", "seed", "column", "layers", "test_error"])


def _layers(model: FractalNet, column: int | None) -> int:
    """Convolutions one behind the other in a column; in the deepest, where all work together."""
    blocks = cast("list[FractalBlock]", list(model.blocks.values()))
    columns = [block.columns[(column or COLUMNS) - 1] for block in blocks]
    return sum(isinstance(part, nn.Conv2d) for one in columns for part in one.modules())


def spread(rows: pd.DataFrame, run: str, column: str) -> Spread:
    """The test error of one column over the seeds."""
    return over(errors(rows, run)[column])


def errors(rows: pd.DataFrame, run: str) -> dict[str, list[float]]:
    """Test errors of each column of a run, one for each seed."""
    found: dict[str, list[float]] = {}
    for row in rows.to_dict("records"):
        if row["run"] == run:
            found.setdefault(str(row["column"]), []).append(float(row["test_error"]))
    return found


def verdict(rows: pd.DataFrame) -> str:
    """The deepest column alone, and all together, with and without drop-path."""
    deepest = f"column {COLUMNS}"
    alone, together = spread(rows, WITH, deepest), spread(rows, WITH, TOGETHER)
    lost = spread(rows, WITHOUT, deepest)
    return (
        f"With drop-path, the deepest column alone has a test error of {alone}, all columns "
        f"together {together}. Without drop-path the same column alone has {lost}, although all "
        f"together have {spread(rows, WITHOUT, TOGETHER)}: what was never asked alone has not "
        "learned to answer alone."
    )


def settings() -> list[dict[str, Any]]:
    """What the card says of the two runs."""
    return [described(run) for run in ARMS]
