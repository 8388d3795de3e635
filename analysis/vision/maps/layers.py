"""Layers that a class activation map can be made of."""

from __future__ import annotations

import torch

import cnn_models
from analysis.structure import graph
from analysis.structure.operations import Shape


def spatial_layers(key: str, input_shape: Shape) -> tuple[str, ...]:
    """Names of the modules of a network whose output is a map of more than one pixel, in order.

    A stage of the network stands where its last layer is. No weights are allocated.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    with torch.device("meta"):
        model = cnn_models.build(key)
    modules = dict(model.named_modules())
    traced = graph.trace(model, input_shape)
    places = {
        op.name: place
        for place, op in enumerate(traced.operations)
        if len(op.output_shape) == 3 and op.output_shape[1] * op.output_shape[2] > 1
    }
    for stage in cnn_models.spec(key).stages:
        inside = [place for name, place in places.items() if name.startswith(f"{stage}.")]
        last = [p for p, op in enumerate(traced.operations) if op.name.startswith(f"{stage}.")]
        if inside and max(inside) == max(last):
            places.setdefault(stage, max(inside))
    return tuple(sorted((n for n in places if n in modules), key=places.__getitem__))
