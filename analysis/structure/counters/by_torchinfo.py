"""torchinfo: the rows of its summary, on meta tensors."""

from __future__ import annotations

from typing import Any

import torchinfo

from analysis.structure.counters.rows import CannotCount, Count, Row
from analysis.structure.counters.subject import Subject

TOOL = "torchinfo"


def count(subject: Subject) -> Count:
    """The "mult-adds" and trainable parameters of torchinfo's summary, for one image.

    torchinfo sums modules without children only, each call of them.

    Raises:
        CannotCount: if it cannot run the network.
    """
    mode = "train" if subject.model.training else "eval"
    try:
        summary = torchinfo.summary(
            subject.model, input_data=subject.batch(), device="meta", mode=mode, verbose=0
        )
    except RuntimeError as error:
        raise CannotCount(f"torchinfo cannot run this network: {error}") from None
    rows = tuple(
        Row(_path(layer), layer.class_name, layer.macs // subject.images)
        for layer in summary.summary_list
        if layer.is_leaf_layer and layer.macs
    )
    return Count(TOOL, rows, summary.trainable_params)


def _path(layer: Any) -> str:
    names = []
    while layer.parent_info is not None:  # the network itself has none, and its name is its class
        names.append(layer.var_name)
        layer = layer.parent_info
    return ".".join(reversed(names))
