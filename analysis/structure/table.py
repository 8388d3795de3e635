"""The layer table: one row an operation, numbers as numbers so that every column sorts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.structure.operations import Operation, ReceptiveField, Shape
from analysis.structure.refusals import shape_text

MIB = 2**20


def layer_table(operations: Sequence[Operation]) -> pd.DataFrame:
    """One row an operation, in order.

    Columns: "name", "kind", "kernel", "stride", "padding", "output shape" (text, such as
    "64 × 112 × 112"; empty where they make no sense), "parameters" and "multiply-adds" (int64),
    "memory (MiB)" (float64, of the values written, float32), "receptive field" (Int64, the side
    of the window in input pixels, the longest where they differ; missing where only global
    values are left, so that it sorts), and "sees" (text: "483 × 483", "everything", or both).
    """
    rows = [_row(op) for op in operations]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype(_COLUMNS)


_COLUMNS = {
    "name": "str",
    "kind": "str",
    "kernel": "str",
    "stride": "str",
    "padding": "str",
    "output shape": "str",
    "parameters": "int64",
    "multiply-adds": "int64",
    "memory (MiB)": "float64",
    "receptive field": "Int64",
    "sees": "str",
}


def _row(op: Operation) -> dict[str, object]:
    seen = op.receptive_field
    return {
        "name": op.name,
        "kind": op.kind,
        "kernel": _sides(op.kernel),
        "stride": _sides(op.stride),
        "padding": _padding(op),
        "output shape": shape_text(op.output_shape),
        "parameters": op.params,
        "multiply-adds": op.macs,
        "memory (MiB)": op.activation_bytes / MIB,
        "receptive field": max(seen.size) if seen and seen.is_local else pd.NA,
        "sees": sees(seen),
    }


def sees(field: ReceptiveField | None) -> str:
    """Text such as "483 × 483" or "everything"; empty where no rule knows."""
    if field is None:
        return ""
    if not field.is_local:
        return "everything"
    window = shape_text(field.size)
    return f"{window}, and the whole map through a gate" if field.is_global else window


def _sides(sides: Shape | None) -> str:
    return "" if sides is None else shape_text(sides)


def _padding(op: Operation) -> str:
    if op.padding_after is None:
        return _sides(op.padding)
    return f"{_sides(op.padding)} before, {_sides(op.padding_after)} after"
