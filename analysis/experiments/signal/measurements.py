"""The measurements of this package, each with a small size for a page and a full one for a record.

A record has the rows of several seeds one below the other; `analysis.experiments.record` makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from analysis.experiments.signal import (
    batches,
    drift,
    flow,
    learning,
    modes,
    rates,
    surface,
    variance,
)
from analysis.progress import Report, silent

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Measurement:
    """`measure(plan, seed, report)` gives the rows of one seed, which a column names."""

    name: str
    question: str
    measure: Callable[[Any, int, Report], pd.DataFrame]
    full: Any
    small: Any

    def rows(
        self, plan: Any, seeds: Sequence[int] = SEEDS, report: Report = silent
    ) -> pd.DataFrame:
        """The rows of several seeds one below the other."""
        tables = []
        for place, seed in enumerate(seeds):

            def say(done: int, total: int, place: int = place) -> None:
                report(place * total + done, len(seeds) * total)

            tables.append(self.measure(plan, seed, say))
        return pd.concat(tables, ignore_index=True)

    def recorded(self, seeds: Sequence[int], say: Callable[[str], None]) -> Iterator[pd.DataFrame]:
        """The rows at full size, seed after seed."""
        for seed in seeds:
            yield self.measure(self.full, seed, silent)
            say(f"{self.name}: seed {seed} is measured.")

    @property
    def settings(self) -> dict[str, Any]:
        return asdict(self.full)


MEASUREMENTS: Mapping[str, Measurement] = {
    measurement.name: measurement
    for measurement in (
        Measurement(
            "initialisation",
            "What becomes of the signal over many layers?",
            variance.measure,
            variance.FULL,
            variance.Plan(functions=("relu",), draws=8),
        ),
        Measurement(
            "starts",
            "From which start does a deep network learn?",
            learning.measure,
            learning.FULL,
            learning.Plan(),
        ),
        Measurement(
            "gradient_flow",
            "What arrives at each layer before the first step?",
            flow.measure,
            flow.FULL,
            flow.Plan(),
        ),
        Measurement(
            "gradient_flow_trained",
            "What arrives at each layer while it learns?",
            flow.measure,
            flow.TRAINED,
            flow.Plan(side=8, steps=(0, 1, 5, 20)),
        ),
        Measurement(
            "loss_surface",
            "What does the loss look like around a trained network?",
            surface.measure,
            surface.FULL,
            surface.Plan(),
        ),
        Measurement(
            "learning_rates",
            "With which learning rates does a network train?",
            rates.measure,
            rates.FULL,
            rates.Plan(),
        ),
        Measurement(
            "layer_inputs",
            "What is a layer given while the others learn?",
            drift.measure,
            drift.FULL,
            drift.Plan(),
        ),
        Measurement(
            "normalisation_modes",
            "Is the network that is asked the one that was trained?",
            modes.measure,
            modes.FULL,
            modes.Plan(),
        ),
        Measurement(
            "batch_sizes",
            "How small may a batch be?",
            batches.measure,
            batches.FULL,
            batches.Plan(),
        ),
    )
}
