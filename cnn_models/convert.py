"""The names that weight owners use, turned into ours.

torchvision and timm publish state dicts for their own classes. Our classes name layers after the
papers, so each entry is renamed by the rules in `cnn_models.owner_names`; no number is touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from cnn_models import owner_names, registry
from cnn_models.owner_names import Rules
from cnn_models.weights.errors import CorruptWeights


class KeysDoNotFit(CorruptWeights):
    """A state dict is not the one that this network's owner publishes; says what is amiss."""

    def __init__(self, key: str, complaints: list[str]) -> None:
        more = f" and {len(complaints) - 3} more" if len(complaints) > 3 else ""
        super().__init__(
            f"This is not the owner's state dict of {key}: {'; '.join(complaints[:3])}{more}."
        )


def convert(key: str, owner_state_dict: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the owner's tensors as the network `key` calls them, for loading with `strict=True`.

    Args:
        key: a network with public weights.
        owner_state_dict: what the owner's file holds. Counters of seen batches
            (`num_batches_tracked`) may be missing, as in older files; they become 0.

    Raises:
        UnknownModel: if there is no such network.
        KeysDoNotFit: if nobody publishes weights of this network, or these are not they; the
            message names the first entries that are missing, unexpected or of another shape.
    """
    spec = registry.spec(key)
    if not spec.weights:
        raise KeysDoNotFit(key, ["nobody publishes weights of this network"])
    with torch.device("meta"):
        network = spec.build(**spec.weights[0].options)
    ours = renamed(owner_state_dict, owner_names.rules(registry.file_of(key), network))
    wanted = network.state_dict()
    for name in wanted:
        if name.endswith(".num_batches_tracked") and name not in ours:
            ours[name] = torch.zeros((), dtype=torch.int64, device="cpu")
    complaints = _complaints(ours, wanted)
    if complaints:
        raise KeysDoNotFit(key, complaints)
    return ours


def renamed(state: Mapping[str, Tensor], rules: Rules) -> dict[str, Tensor]:
    """The tensors of `state` under the names that `rules` make of theirs."""
    renamed = {}
    for name, tensor in state.items():
        for pattern, replacement in rules:
            name = re.sub(pattern, replacement, name)
        renamed[name] = tensor
    return renamed


def _complaints(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> list[str]:
    shape = {name: tuple(tensor.shape) for name, tensor in wanted.items()}
    missing = [f"{name} {shape[name]} is missing" for name in wanted if name not in state]
    unexpected = [
        f"{name} {tuple(state[name].shape)} is unexpected" for name in state if name not in wanted
    ]
    reshaped = [
        f"{name} is {tuple(state[name].shape)}, not {shape[name]}"
        for name in wanted
        if name in state and tuple(state[name].shape) != shape[name]
    ]
    return missing[:1] + unexpected[:1] + reshaped[:1] + missing[1:] + unexpected[1:] + reshaped[1:]
