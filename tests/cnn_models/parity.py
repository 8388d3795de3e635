"""What the owners of public weights get from deterministic weights, to hold our networks against.

The owner's weights are too large to ship, so deterministic ones stand in for them: each entry is
filled from a generator seeded with its name. The logits that the owners' own code gives for these
are in parity.json, and the names and shapes of their state dicts in parity_keys.json.gz.
"""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

DATA = Path(__file__).parents[1] / "data"
EXPECTED = {
    f"{row['source']}/{row['name']}": row for row in json.loads((DATA / "parity.json").read_text())
}
SHAPES = json.loads(gzip.decompress((DATA / "parity_keys.json.gz").read_bytes()))


def filled(name: str, shape: Sequence[int]) -> Tensor:
    """The recipe of parity.json for one entry of a state dict."""
    values = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(
        shape, dtype=np.float32
    )
    if name.endswith("running_var"):
        values = 1 + 0.1 * np.abs(values)
    elif name.endswith(("running_mean", "bias")):
        values = 0.1 * values
    elif len(shape) >= 2:
        values = values * np.float32(np.sqrt(2 / prod(shape[1:])))
    elif shape:
        values = 1 + 0.1 * values
    else:
        values = np.float32(0.5)
    return torch.as_tensor(values, dtype=torch.float32)


def unfilled(owner: str) -> dict[str, Tensor]:
    """The owner's state dict, names and shapes only."""
    return {name: torch.empty(shape, device="meta") for name, shape in SHAPES[owner].items()}


def deterministic(shapes: Mapping[str, Sequence[int]]) -> dict[str, Tensor]:
    """An owner's state dict filled by the recipe."""
    return {name: filled(name, shape) for name, shape in shapes.items()}


def picture(size: int) -> Tensor:
    """The image of the recipe, (1, 3, size, size)."""
    x = np.random.default_rng(0).standard_normal((1, 3, size, size), dtype=np.float32)
    return torch.from_numpy(x)


def assert_owners_logits(logits: Tensor, owner: str, rel: float = 1e-3) -> None:
    """Hold `logits`, (1, classes), against those that `owner` has in parity.json."""
    found, expected = logits[0].double().numpy(), EXPECTED[owner]
    norm = np.linalg.norm(found)
    assert norm == pytest.approx(expected["norm"], rel=rel)
    assert found[:8] / norm == pytest.approx(expected["first8"], rel=1e-3, abs=1e-6)
