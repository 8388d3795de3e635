"""Facts from outside, as tables: what papers print, and which weights others publish.

The tables are JSON files beside this module: `published` has one for each file of `families`. The
specs quote them by key, so that a printed number stands in one place.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from cnn_models.spec import Preprocessing, PublicWeights, Published

_HERE = Path(__file__).parent


@cache
def _table(pattern: str) -> dict[str, list[dict]]:
    """Rows by network, from every file beside this one that `pattern` fits."""
    files = (json.loads(path.read_text(encoding="utf-8")) for path in _HERE.glob(pattern))
    return {key: rows for file in files for key, rows in file.items()}


def published(key: str) -> tuple[Published, ...]:
    """What the paper of network `key` prints about it; empty when it prints nothing."""
    return tuple(Published(**row) for row in _table("published/*.json").get(key, []))


def public_weights(key: str) -> tuple[PublicWeights, ...]:
    """The public weights of network `key`, the default set first; empty when there are none."""
    rows = sorted(_table("public_weights.json").get(key, []), key=lambda row: not row["default"])
    return tuple(
        PublicWeights(**{**row, "preprocessing": _preprocessing(row["preprocessing"])})
        for row in rows
    )


def _preprocessing(row: dict) -> Preprocessing:
    return Preprocessing(**{**row, "mean": tuple(row["mean"]), "std": tuple(row["std"])})
