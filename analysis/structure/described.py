"""A network of the registry, described without its weights: its graph, and paper against code."""

from __future__ import annotations

import pandas as pd
import torch

import cnn_models
from analysis.structure import graph


def traced(key: str) -> graph.Graph:
    """The graph of network `key` at the input size of its paper, built on the meta device.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    spec = cnn_models.spec(key)
    with torch.device("meta"):
        model = cnn_models.build(key)
    return graph.trace(model, spec.input_shape)


def ledger(key: str, totals: graph.Totals) -> pd.DataFrame:
    """What the paper prints beside what is built here, one row a figure.

    Columns: "figure" (quantity, protocol and where it is printed), "paper" (as printed, or
    "not printed") and "this atlas" (empty where only a trained network could say).
    """
    counted = {"parameters": totals.params, "multiply-adds": totals.macs}
    published = cnn_models.spec(key).published
    printed = {figure.quantity for figure in published}
    rows = [
        (quantity, "not printed", f"{value:,}")
        for quantity, value in counted.items()
        if quantity not in printed
    ]
    for figure in published:
        here = counted.get(figure.quantity)
        label = f"{figure.quantity}: {figure.protocol} ({figure.source})"
        rows.append((label, figure.value, "" if here is None else f"{here:,}"))
    return pd.DataFrame(rows, columns=["figure", "paper", "this atlas"])
