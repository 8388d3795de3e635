"""A table that is drawn, not trained: what each pick adds, and the luck of the seeds."""

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.search.tabulated import Tabulated
from cnn_models.families.searched import COUNT, DECISIONS, picks_of

SEEDS = 2


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    random = np.random.default_rng(0)
    picks = np.array([picks_of(number) for number in range(COUNT)])
    merit = picks @ random.normal(size=len(DECISIONS)) / len(DECISIONS)
    chances = 1 / (1 + np.exp(-1.5 - 2 * merit))
    draws = [random.binomial(300, chances, (SEEDS, COUNT)) / 300 for _ in range(2)]
    return pd.DataFrame(
        {
            "number": np.tile(np.arange(COUNT), SEEDS),
            "seed": np.repeat(np.arange(SEEDS), COUNT),
            "reward": draws[0].ravel(),
            "test": draws[1].ravel(),
            "seconds": 0.5,
        }
    )


@pytest.fixture(scope="session")
def table(rows: pd.DataFrame) -> Tabulated:
    return Tabulated.from_rows(rows)
