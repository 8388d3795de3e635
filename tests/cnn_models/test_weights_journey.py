"""A real network in its owner's own format, from the server to the owner's logits."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

import cnn_models
from tests.cnn_models import tiny
from tests.cnn_models.loopback import Loopback, digest

DATA = Path(__file__).parents[1] / "data"
OWNER = "mobilenetv1_100"


def _entry(name: str, shape: list[int]) -> torch.Tensor:
    """One entry as the recipe of parity.json fills it."""
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    v = generator.standard_normal(shape, dtype=np.float32)
    if not shape:
        return torch.tensor(0)
    if name.endswith("running_var"):
        return torch.from_numpy(1 + 0.1 * abs(v))
    if name.endswith(("running_mean", "bias")):
        return torch.from_numpy(0.1 * v)
    if len(shape) > 1:
        return torch.from_numpy(v * np.float32(np.sqrt(2 / np.prod(shape[1:]))))
    return torch.from_numpy(1 + 0.1 * v)


def test_mobilenet_from_the_hub_gives_its_owners_logits(
    server: Loopback, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = json.loads(gzip.decompress((DATA / "parity_keys.json.gz").read_bytes()))
    rows = json.loads((DATA / "parity.json").read_text(encoding="utf-8"))
    expected = next(row for row in rows if row["name"] == OWNER)
    state = {name: _entry(name, shape) for name, shape in shapes[f"timm/{OWNER}"].items()}
    body = tiny.safetensors(state)
    monkeypatch.setenv("HF_ENDPOINT", server.url())
    page = "/timm/mobilenetv1_100.ra4_e3600_r224_in1k/resolve/main/model.safetensors"
    stated = {"Location": "/blob", "X-Linked-ETag": f'"{digest(body)}"'}
    server.serve(page, b"", etag=None, status=302, headers=stated)
    server.serve("/blob", body)

    model = cnn_models.pretrained("mobilenet_v1", download=True)

    size = expected["size"]
    image = np.random.default_rng(0).standard_normal((1, 3, size, size), dtype=np.float32)
    with torch.no_grad():
        logits = model(torch.from_numpy(image))[0]
    assert logits.norm().item() == pytest.approx(expected["norm"], rel=1e-3)
    first = (logits[:8] / logits.norm()).tolist()
    assert first == pytest.approx(expected["first8"], rel=1e-3, abs=1e-5)
    assert [path.suffix for path in folder.glob("[!.]*")] == [".safetensors"]
