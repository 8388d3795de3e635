"""Weights that others publish: fetched on request, kept in one folder, loaded strictly."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from cnn_models.registry import build, names, spec
from cnn_models.spec import PublicWeights
from cnn_models.user_cache import user_cache
from cnn_models.weights.download import DownloadFailed, Progress, download
from cnn_models.weights.errors import WeightsUnavailable
from cnn_models.weights.integrity import is_intact
from cnn_models.weights.shipping import shipped
from cnn_models.weights.state_dict import filled, load_state_dict

if TYPE_CHECKING:
    from torch import Tensor, nn


def directory() -> Path:
    """Return the folder where public weights are kept; it may not exist yet.

    It is `CNN_ATLAS_WEIGHTS` where that is set, else `cnn-atlas/weights` in the user's cache.
    """
    chosen = os.environ.get("CNN_ATLAS_WEIGHTS")
    return Path(chosen).expanduser() if chosen else user_cache() / "weights"


def url(weights: PublicWeights) -> str:
    """Address of a file; for the Hugging Face hub at `HF_ENDPOINT`, where that is set."""
    if weights.url is not None:
        return weights.url
    from huggingface_hub import hf_hub_url  # here, as it takes a quarter of a second to import

    endpoint = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    repository = weights.hub_id or weights.name
    return hf_hub_url(repository, "model.safetensors", endpoint=endpoint.rstrip("/"))


def location(weights: PublicWeights, folder: Path | None = None) -> Path:
    """Path of a file, there or not, in `folder` or else in `directory()`."""
    if weights.url is not None:
        name = unquote(urlsplit(weights.url).path.rpartition("/")[2])
    else:  # every file of the hub is called model.safetensors
        name = f"{(weights.hub_id or weights.name).rpartition('/')[2]}.safetensors"
    return (folder or directory()) / name


def choose(key: str, name: str | None = None) -> PublicWeights:
    """Pick the set called `name` of the network's public weights, the owner's default without one.

    Raises:
        UnknownModel: if there is no such network.
        WeightsUnavailable: if it has no public weights, or none called `name`.
    """
    sets = spec(key).weights
    if not sets:
        raise WeightsUnavailable(f"{key} has no public weights. {_instead(key)}")
    if name is None:
        return next((w for w in sets if w.default), sets[0])
    for weights in sets:
        if weights.name == name:
            return weights
    known = " and ".join(w.name for w in sets)
    raise WeightsUnavailable(f"{key} has no public weights called {name!r}; it has {known}.")


def _instead(key: str) -> str:
    """Say what there is: weights that ship, or a network next of kin with public ones."""
    if found := shipped(key):
        datasets = " and ".join(weights.dataset for weights in found)
        return f"It ships trained on {datasets}: load_shipped({key!r})."
    own = spec(key)
    if own.public_version:
        return f"Use {own.public_version}, the version of it that others trained and publish."
    family = [spec(other) for other in names(own.family)]
    kin = [other.key for other in family if other.weights or shipped(other.key)]
    if kin:
        return f"In its family these have weights: {', '.join(kin)}."
    return "Nor has any other network of its family."


def cached(key: str, *, name: str | None = None, directory: Path | None = None) -> Path | None:
    """Path of the network's public weights if they are here, whole and right; otherwise None.

    The SHA-256 is taken once a process, as long as the file's time and size stay the same. None
    too for a network that has no public weights.
    """
    if not spec(key).weights:
        return None
    weights = choose(key, name)
    path = location(weights, directory)
    return path if is_intact(path, weights.digest) else None


def fetch(
    key: str,
    *,
    name: str | None = None,
    progress: Progress | None = None,
    directory: Path | None = None,
) -> Path:
    """Bring the network's public weights here, unless they are, and return their path.

    Args:
        key: a name from `cnn_models.names()`.
        name: which set, such as "IMAGENET1K_V1"; the owner's default when left out.
        progress: called with the bytes here so far and the bytes in all (None when not known).
            What it raises ends the download; asking again resumes it.
        directory: where to keep the file; `directory()` when left out.

    Raises:
        UnknownModel: if there is no such network.
        WeightsUnavailable: if there are no such weights or they cannot be fetched; the message
            says which file goes where.
    """
    weights = choose(key, name)
    path = location(weights, directory)
    if not is_intact(path, weights.digest):
        try:
            download(url(weights), path, weights.digest, progress)
        except DownloadFailed as error:
            raise _unavailable(key, weights, path, str(error)) from error
    return path


def convert(key: str, owner_state_dict: dict[str, Tensor]) -> dict[str, Tensor]:
    """Rename the owner's tensors as the network `key` calls them; see `cnn_models.convert`."""
    from cnn_models import convert  # here, as it may import torch and the home page must not

    return convert.convert(key, owner_state_dict)


def pretrained(
    key: str,
    *,
    name: str | None = None,
    download: bool = False,
    progress: Progress | None = None,
) -> nn.Module:
    """Build the network `key` with its public weights, in eval mode on the CPU.

    Args:
        key: a name from `cnn_models.names()`.
        name: which set of weights; the owner's default when left out.
        download: fetch the file if it is not here. Files are up to half a gigabyte.
        progress: as in `fetch`.

    Raises:
        UnknownModel: if there is no such network.
        WeightsUnavailable: if the weights are not here; the message says what to do.
    """
    weights = choose(key, name)
    path = fetch(key, name=name, progress=progress) if download else cached(key, name=name)
    if path is None:
        wanted = location(weights)
        there = "The file there is damaged or another version." if wanted.exists() else ""
        raise _unavailable(key, weights, wanted, there)
    state = convert(key, load_state_dict(path))
    return filled(lambda: build(key, **weights.options), state, f"{path} for {key}")


def _unavailable(key: str, weights: PublicWeights, path: Path, reason: str) -> WeightsUnavailable:
    reason = f" {reason}" if reason else ""
    size = f", {weights.size_mib:.0f} MiB" if weights.size_mib else ""
    option = "" if weights == choose(key) else f" --name {weights.name}"
    command = f"{_interpreter()} -m cnn_models.weights fetch {key}{option}"
    message = (
        f"The public weights of {key} ({weights.source} {weights.name}{size}) are not here.{reason}"
        f"\nWith an internet connection, run: {command}\n"
        f"Or fetch {url(weights)}\nand save it as {path}"
    )
    return WeightsUnavailable(message, url=url(weights), path=path, command=command)


def _interpreter() -> str:
    """The Python that runs now, as one types it: `.venv/bin/python` in the project's folder."""
    path, here = Path(sys.executable), Path.cwd()
    shown = str(path.relative_to(here) if path.is_relative_to(here) else path)
    return f'"{shown}"' if " " in shown else shown
