"""The network on which batch normalisation is measured: eight plain layers that learn digits."""

from __future__ import annotations

from torch import nn

from analysis.experiments import runs
from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingConfig

DEPTH, SIDE, BATCH = 8, 8, 64
CHANCE = 0.9  # share of errors of one who guesses among ten digits
WORDS = {True: "with batch norm", False: "without"}


def config(rate: float, seed: int, batch: int = BATCH, epochs: int = 1) -> TrainingConfig:
    """One constant learning rate, momentum 0.9, nothing else that could help."""
    return TrainingConfig(
        epochs, batch, rate, weight_decay=0, warmup=0, schedule="constant", seed=seed
    )


def network(norm: bool, settings: TrainingConfig) -> nn.Module:
    """The network with its first weights, by He's rule; the seed is that of the settings."""
    options = {"depth": DEPTH, "norm": norm}
    return runs.network(Run("plain", side=SIDE, config=settings, options=options), 10, 3)
