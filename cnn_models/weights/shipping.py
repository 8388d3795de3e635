"""Weights that this project trained and ships: small files, each with a card beside it.

`{key}-{dataset}.safetensors` holds the tensors, in float16 or float32; `{key}-{dataset}.json` says
what they were trained on, with which seed and command, and how good they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnn_models.registry import build
from cnn_models.spec import Preprocessing
from cnn_models.weights.errors import CorruptWeights, WeightsUnavailable
from cnn_models.weights.integrity import is_intact
from cnn_models.weights.state_dict import filled, load_state_dict

if TYPE_CHECKING:
    from torch import nn

FOLDER = Path(__file__).parents[2] / "assets" / "weights"


@dataclass(frozen=True)
class ShippedWeights:
    """One network that this project trained on one data set.

    `classes` are the names of the outputs in order, `input_shape` is (channels, height, width),
    `accuracy` the fraction right of `tested_on` images that it was not trained on. `card` is all
    that the JSON file says, such as seed, epochs, command, machine and licence.
    """

    key: str
    dataset: str
    path: Path
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    preprocessing: Preprocessing
    accuracy: float
    tested_on: int
    card: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """Whose they are and how good."""
        return (
            f"Trained by this project on {self.dataset}: {100 * self.accuracy:.1f}% of "
            f"{self.tested_on} test images right"
        )


def shipped_all() -> tuple[ShippedWeights, ...]:
    """List all weights that ship, by file name.

    Raises:
        CorruptWeights: if a card is damaged or lacks a field.
    """
    return tuple(_read(card) for card in sorted(FOLDER.glob("*.json")))


def shipped(key: str) -> tuple[ShippedWeights, ...]:
    """List the weights of the network `key` that ship; empty when there are none."""
    return tuple(weights for weights in shipped_all() if weights.key == key)


def load_shipped(key: str, dataset: str | None = None) -> nn.Module:
    """Build the network `key` with weights that ship, in eval mode on the CPU.

    Args:
        key: a name from `cnn_models.names()`.
        dataset: what it was trained on; may be left out where only one comes with the network.

    Raises:
        UnknownModel: if there is no such network.
        WeightsUnavailable: if no such weights ship; the message names those that do.
        CorruptWeights: if the file is not the one that its card describes.
    """
    weights = shipped_one(key, dataset)
    digest = str(weights.card["sha256"])
    if not is_intact(weights.path, digest):
        raise CorruptWeights(
            f"{weights.path} is missing or damaged: its SHA-256 should be {digest}. "
            "Restore it from the project's repository.",
            path=weights.path,
        )
    state = load_state_dict(weights.path)
    classes = len(weights.classes)
    return filled(lambda: build(key, num_classes=classes), state, f"{weights.path.name} for {key}")


def shipped_one(key: str, dataset: str | None = None) -> ShippedWeights:
    """Find the weights of the network `key` that were trained on one data set, without loading.

    Raises:
        WeightsUnavailable: as `load_shipped` does.
    """
    ours = shipped(key)
    fitting = [weights for weights in ours if dataset in (None, weights.dataset)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        known = " or ".join(weights.dataset for weights in fitting)
        raise WeightsUnavailable(f"{key} ships trained on several data sets: say {known}.")
    ships = ", ".join(f"{w.key} on {w.dataset}" for w in ours or shipped_all()) or "nothing"
    wanted = f"{key} trained on {dataset}" if dataset else f"a trained {key}"
    raise WeightsUnavailable(f"The project does not ship {wanted}; what ships is {ships}.")


def _read(path: Path) -> ShippedWeights:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        steps = card["preprocessing"]
        channels, height, width = card["input"]
        return ShippedWeights(
            key=card["key"],
            dataset=card["dataset"],
            path=path.with_suffix(".safetensors"),
            classes=tuple(card["classes"]),
            input_shape=(channels, height, width),
            preprocessing=Preprocessing(
                **{**steps, "mean": tuple(steps["mean"]), "std": tuple(steps["std"])}
            ),
            accuracy=float(card["accuracy"]["test"]),
            tested_on=int(card["accuracy"]["n"]),
            card=card,
        )
    except (ValueError, TypeError, LookupError) as error:
        raise CorruptWeights(f"The card {path} is damaged: {error!r}.", path=path) from error
