"""Every network of the atlas in one table: what it is, what it costs, where it departs.

`python -m analysis.structure.catalogue` writes the table to `assets/catalogue.csv`. The app keeps
it in the user's cache instead, under a name that depends on the code and on torch's version, so
that a change of either counts everything again.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import pandas as pd

import cnn_models
from cnn_models.user_cache import user_cache

ROOT = Path(__file__).parents[2]
ASSET = ROOT / "assets" / "catalogue.csv"

# What a count depends on. The whole of both packages would change with every page's need.
_CODE = (
    "cnn_models/*.py",
    "cnn_models/blocks/*.py",
    "cnn_models/families/*.py",
    "cnn_models/records/**/*.json",
    "analysis/structure/*.py",
)
_TYPES = {"parameters": "int64", "multiply-adds": "int64", "receptive field": "int64"}

Progress = Callable[[int, int], None]
_counting = Lock()


def catalogue(progress: Progress | None = None) -> pd.DataFrame:
    """One row a network, in teaching order, indexed by key.

    Columns: "network", "family", "year", "paper", "input" (text, C × H × W), "classes",
    "parameters", "multiply-adds", "activations" (values written for one image), "depth" (layers
    with weights on the longest path), "receptive field" (pixels), "checked against",
    "departures" (sentences) and "public weights" (owner's name and top-1 accuracy, or empty).

    The first call on a machine traces every network, which takes about 20 seconds; `progress` is
    called with the networks counted so far and in all. Later calls read the user's cache. Where
    that cannot be written, nothing is kept.
    """
    path = user_cache() / f"catalogue-{_fingerprint()}.csv"
    with _counting:
        kept = _kept(path)
        if kept is not None:
            return kept
        table = counted(progress)
        _keep(table, path)
    return table


def shipped() -> pd.DataFrame:
    """The table of `catalogue` as it ships, at once; a test keeps it equal to what is counted."""
    table = _kept(ASSET)
    if table is None:
        raise FileNotFoundError(f"{ASSET.name} is missing or damaged; `make catalogue` writes it.")
    return table


def including(keys: Iterable[str]) -> pd.DataFrame:
    """The table that ships, and below it the networks of `keys` that it lacks, counted now.

    Raises:
        UnknownModel: if there is no such network.
    """
    table = shipped()
    lacking = {key: _row(key) for key in keys if key not in table.index}
    return pd.concat([table, _table(lacking)]) if lacking else table


def counted(progress: Progress | None = None) -> pd.DataFrame:
    """The table of `catalogue`, counted now."""
    rows: dict[str, dict[str, object]] = {}
    keys = cnn_models.names()
    with _rare_collections():
        for number, key in enumerate(keys, start=1):
            rows[key] = _row(key)
            if progress is not None:
                progress(number, len(keys))
    return _table(rows)


def _table(rows: dict[str, dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("key").astype(_TYPES)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage less often: graphs are made of so many objects that it is a sixth of all."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _row(key: str) -> dict[str, object]:
    from analysis.structure import comparison, described  # torch, only when something is counted

    spec, graph = cnn_models.spec(key), described.traced(key)
    totals = graph.totals()
    weights = spec.weights[0] if spec.weights else None
    return {
        "network": spec.display_name,
        "family": spec.family,
        "year": spec.paper.year,
        "paper": spec.paper.title,
        "input": " × ".join(map(str, spec.input_shape)),
        "classes": spec.num_classes,
        "parameters": totals.params,
        "multiply-adds": totals.macs,
        "activations": totals.activations,
        "depth": comparison.depth(graph),
        "receptive field": max(graph.receptive_field().size),
        "checked against": spec.counts_source,
        "departures": " ".join(spec.departures),
        "public weights": f"{weights.source} {weights.name}, {weights.top1}%" if weights else "",
    }


def _fingerprint() -> str:
    digest = hashlib.sha256(version("torch").encode())
    for pattern in _CODE:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _kept(path: Path) -> pd.DataFrame | None:
    try:
        return pd.read_csv(path, index_col="key", keep_default_na=False).astype(_TYPES)
    except (OSError, ValueError, KeyError):  # not there, or not whole
        return None


def _keep(table: pd.DataFrame, path: Path) -> None:
    """Write the file at once, whole, in place of those of older code."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            table.to_csv(part, lineterminator="\n")
        Path(part.name).replace(path)
        for older in path.parent.glob("catalogue-*.csv"):
            if older != path:
                older.unlink(missing_ok=True)
    except OSError:
        return


def main() -> None:
    """Count every network and write `assets/catalogue.csv`."""
    counted(_line).to_csv(ASSET, lineterminator="\n")
    sys.stderr.write("\n")


def _line(done: int, of: int) -> None:
    sys.stderr.write(f"\r{done} of {of} networks")


if __name__ == "__main__":
    main()
