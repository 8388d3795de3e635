"""Two to four networks side by side: totals, ratios, and what the cost is made of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.structure.depths import depth, depth_profile
from analysis.structure.differences import differences
from analysis.structure.graph import Graph, NoReceptiveField
from analysis.structure.table import MIB

__all__ = ["by_kind", "cost_by_kind", "depth", "depth_profile", "differences", "totals"]


def totals(graphs: Mapping[str, Graph]) -> pd.DataFrame:
    """One row a network, indexed by the names given, in their order.

    Columns: "parameters", "multiply-adds", "memory (MiB)" (all values written, float32), each
    followed by its ratio to the first network's ("× parameters" …), then "depth" (layers with
    weights on the longest path), "operations", and "receptive field" (Int64, input pixels).
    """
    rows = [_row(graph) for graph in graphs.values()]
    table = pd.DataFrame(rows, index=pd.Index(graphs, name="network"))
    for place, column in enumerate(("parameters", "multiply-adds", "memory (MiB)")):
        table.insert(2 * place + 1, f"× {column}", table[column] / table[column].iloc[0])
    return table.astype({"receptive field": "Int64"})


def _row(graph: Graph) -> dict[str, object]:
    total, sides = graph.totals(), _sides(graph)
    return {
        "parameters": total.params,
        "multiply-adds": total.macs,
        "memory (MiB)": total.activation_bytes / MIB,
        "depth": depth(graph),
        "operations": len(graph.operations),
        "receptive field": max(sides) if sides else pd.NA,
    }


def _sides(graph: Graph) -> tuple[int, ...]:
    try:
        return graph.receptive_field().size
    except NoReceptiveField:
        return ()


def by_kind(graphs: Mapping[str, Graph]) -> pd.DataFrame:
    """One row for each network and kind of operation, the costliest kinds first.

    Columns: "network", "kind", "operations", "parameters", "multiply-adds", and the shares of the
    network's total "% of parameters" and "% of multiply-adds".
    """
    parts = [_kinds(name, graph) for name, graph in graphs.items()]
    return pd.concat(parts, ignore_index=True)


def cost_by_kind(graphs: Mapping[str, Graph]) -> pd.DataFrame:
    """`by_kind` without the kinds that have neither parameters nor multiply-adds."""
    kinds = by_kind(graphs)
    return kinds.loc[(kinds["parameters"] > 0) | (kinds["multiply-adds"] > 0)]


def _kinds(name: str, graph: Graph) -> pd.DataFrame:
    table = graph.table().groupby("kind", sort=False, as_index=False)
    kinds = table.agg(
        **{
            "operations": ("name", "size"),
            "parameters": ("parameters", "sum"),
            "multiply-adds": ("multiply-adds", "sum"),
        }
    ).sort_values(["multiply-adds", "parameters", "operations"], ascending=False, kind="stable")
    for column in ("parameters", "multiply-adds"):
        kinds[f"% of {column}"] = 100 * kinds[column] / max(1, kinds[column].sum())
    kinds.insert(0, "network", name)
    return kinds
