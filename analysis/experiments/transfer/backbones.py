"""Networks that have learned something already, and can learn something else from there."""

from __future__ import annotations

from typing import Any

import cnn_models
from analysis.experiments.training import TrainingError
from analysis.vision import voices
from analysis.vision.voices import Voice
from cnn_models import weights

COLOURS = 3
FIRST = "cifar_se_resnet20"  # the one to begin with: see the record "transfer"


class NoBackbone(TrainingError):
    """A network cannot start from these weights; the message says which it can start from."""


def backbones() -> tuple[Voice, ...]:
    """Every network that takes colour with every set of weights that is on this machine.

    Those that ship come first, and of those the one to begin with; nothing is loaded.
    """
    ours = [own for own in weights.shipped_all() if own.input_shape[0] == COLOURS]
    shipped = [voices.voice(own.key, own.dataset) for own in ours]
    keys = {own.key for own in ours}
    others = [voices.voice(key) for key in cnn_models.names() if key not in keys]
    public = [one for one in others if one.trained_on and one.input_shape[0] == COLOURS]
    return (*sorted(shipped, key=lambda one: one.key != FIRST), *public)


def backbone(key: str, name: str) -> Voice:
    """The network `key` with the weights of this name, such as "shipped shapes".

    Raises:
        NoBackbone: if they are not here, or there is no such network.
    """
    found = _of(key)
    for one in found:
        if one.weights_name == name:
            return one
    known = " or ".join(repr(one.weights_name) for one in found)
    instead = f"it can start from {known}" if known else "no weights of it are on this machine"
    raise NoBackbone(f"{key} cannot start from {name!r}: {instead}.")


def needed(key: str, name: str) -> dict[str, Any]:
    """Options without which the network is another than the one that these weights were made in.

    Auxiliary heads are left out, which only the training of the weights needed.
    """
    if not name:
        return {}
    own = next((one for one in cnn_models.spec(key).weights if name == f"public {one.name}"), None)
    return {} if own is None else {k: v for k, v in own.options.items() if k != "aux_heads"}


def _of(key: str) -> list[Voice]:
    """The network with each set of its weights that is here."""
    try:
        shipped = [voices.voice(key, own.dataset) for own in weights.shipped(key)]
        found = shipped or [voices.voice(key)]
    except cnn_models.UnknownModel as problem:
        raise NoBackbone(f"{problem} A network of the catalogue can start from weights.") from None
    return [one for one in found if one.trained_on and one.input_shape[0] == COLOURS]
