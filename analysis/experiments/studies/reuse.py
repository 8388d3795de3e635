"""Which earlier layers a trained DenseNet reads: Huang et al. (CVPR 2017), Figure 5, over seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.amounts import percent
from analysis.experiments.studies.recording import Say, described, trained
from analysis.experiments.studies.study import arm, seeded
from analysis.structure import graph
from analysis.vision.paths.reuse import ReuseMap, dense_blocks, reuse_maps

QUESTION = "Which earlier layers does a trained DenseNet read?"
RUN = arm("DenseNet, k = 12", "dense", growth=12, layers=6)


def rows(seeds: Sequence[int], say: Say) -> Iterator[pd.DataFrame]:
    """Mean absolute weight after training, with columns block, source, reader, weight and seed."""
    for seed in seeds:
        run = seeded(RUN, seed)
        model, _ = trained(run, say)
        found = reuse_maps(model, dense_blocks(graph.trace(model, (3, run.side, run.side))))
        yield pd.concat(
            _table(reuse_map, number).assign(seed=seed)
            for number, reuse_map in enumerate(found, start=1)
        )


def _table(found: ReuseMap, number: int) -> pd.DataFrame:
    lines = [
        (number, source, reader, found.weights[source, column])
        for column, reader in enumerate(found.readers)
        for source in range(len(found.weights))
        if not np.isnan(found.weights[source, column])
    ]
    return pd.DataFrame(lines, columns=["block", "source", "reader", "weight"])


def mean_map(rows: pd.DataFrame, block: int) -> ReuseMap:
    """The mean over the seeds for one block, 1 to 3."""
    own = rows[rows["block"] == block]
    readers = tuple(str(reader) for reader in dict.fromkeys(own["reader"]))
    table = own.assign(reader=own["reader"].astype(str)).pivot_table(
        index="source", columns="reader", values="weight", aggfunc="mean"
    )
    return ReuseMap(table[list(readers)].to_numpy(), readers)


def verdict(rows: pd.DataFrame, block: int) -> str:
    """How much of what lies ready is read: the mean share, its range over seeds."""
    shares = []
    for _, own in rows.groupby("seed"):
        relative = mean_map(own, block).relative
        earlier = np.triu(np.ones_like(relative, dtype=bool), k=1)  # not the layer just before
        shares.append(float(np.nanmean(relative[earlier])))
    low, high = min(shares), max(shares)
    return (
        f"In block {block}, the maps that are not from the layer just before are read with "
        f"{percent(float(np.mean(shares)))} of the reader's largest weight on average "
        f"({percent(low)} to {percent(high)} over {len(shares)} seeds): early maps are used "
        "throughout the block."
    )


def settings() -> list[dict[str, Any]]:
    """What the card says of the run."""
    return [described(RUN)]
