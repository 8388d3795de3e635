"""Whether a file on the disk is the whole file, and the right one."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path


def sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal; read once a process as long as the file stays the same."""
    state = path.stat()
    return _sha256(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _sha256(path: Path, modified: int, size: int) -> str:  # noqa: ARG001 - they are the cache's key
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_intact(path: Path, digest: str | None) -> bool:
    """Whether `path` is a whole file whose SHA-256 starts with `digest`.

    Where no digest is published, the file must be .safetensors, whose header tells the length of
    the whole; anything else cannot be checked, and what cannot be checked is not intact.
    """
    try:
        if digest is not None:
            return sha256(path).startswith(digest.lower())
        return path.suffix == ".safetensors" and _has_stated_length(path)
    except OSError:
        return False


def _has_stated_length(path: Path) -> bool:
    """Layout of .safetensors: 8 bytes n, n bytes of JSON, then the tensors at their offsets."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length + 8 > size:
            return False
        text = file.read(length)
    try:
        header = json.loads(text)
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name[:2] != "__"]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return False
    return 8 + length + max(ends, default=0) == size
