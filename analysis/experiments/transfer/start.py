"""The first weights of a run: those that another training ended with, but for the last layer."""

from __future__ import annotations

import torch
from torch import nn

import cnn_models
from analysis.experiments.transfer import parts
from analysis.experiments.transfer.backbones import NoBackbone, backbone
from analysis.vision import voices


def begin(model: nn.Module, key: str, weights: str, unfrozen: int = parts.ALL) -> nn.Module:
    """Give `model` the weights of that name, but for its head, and freeze its first stages.

    Args:
        model: the network `key` of the catalogue, for any number of classes.
        key: its key.
        weights: a name such as "shipped shapes"; the fresh weights stay where it is empty.
        unfrozen: how many stages before the head are trained, from the output; -1 for all.

    Raises:
        NoBackbone: if the weights are not here or do not fit.
        TrainingError: if there are not so many stages.
    """
    if not weights and unfrozen == parts.ALL:
        return model
    spec = _spec(key)
    found = parts.parts(model, spec.stages, spec.input_shape)
    if weights:
        _fill(model, key, weights, found.head)
    if unfrozen != parts.ALL:
        parts.freeze(model, found.trained(unfrozen))
    return model


def _spec(key: str) -> cnn_models.ModelSpec:
    try:
        return cnn_models.spec(key)
    except cnn_models.UnknownModel as problem:
        raise NoBackbone(
            f"{problem} Only networks of the catalogue start from weights or train some stages."
        ) from None


def _fill(model: nn.Module, key: str, weights: str, head: str) -> None:
    try:
        trained = voices.load(backbone(key, weights), torch.device("cpu")).state_dict()
    except cnn_models.WeightsUnavailable as problem:
        raise NoBackbone(str(problem)) from problem
    state = {
        name: value if name.startswith(f"{head}.") else trained.get(name)
        for name, value in model.state_dict().items()
    }
    missing = [name for name, value in state.items() if value is None]
    try:
        if missing:
            raise NoBackbone(f"{key} with these options has {missing[0]}, which {weights} lacks.")
        model.load_state_dict(state)
    except RuntimeError as problem:
        raise NoBackbone(
            f"The weights {weights!r} do not fit {key} with these options; take no options."
        ) from problem
