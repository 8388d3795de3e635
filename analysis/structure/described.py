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

    Columns: "quantity", "paper", "here" (empty where only a trained network could say),
    "protocol" and "source".
    """
    counted = {"parameters": totals.params, "multiply-adds": totals.macs}
    spec = cnn_models.spec(key)
    rows = [
        (p.quantity, p.value, _here(counted.get(p.quantity)), p.protocol, p.source)
        for p in spec.published
    ]
    printed = {p.quantity for p in spec.published}
    rows += [
        (quantity, "not printed", _here(value), "", "")
        for quantity, value in counted.items()
        if quantity not in printed
    ]
    return pd.DataFrame(rows, columns=["quantity", "paper", "here", "protocol", "source"])


def _here(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
