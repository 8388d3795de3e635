"""A stack as a table that people edit, with what each row makes, or the rule that it breaks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.amounts import short
from analysis.structure.operations import Operation
from analysis.structure.sizes import size_formula
from analysis.structure.stack import KINDS, Impossible, Layer, Row
from analysis.structure.stack_text import default_stride

GIVEN = ("kernel", "stride", "padding", "padding after", "dilation", "channels", "groups")
FOUND = ("output", "jump", "sees", "start")
RULE = "rule that is broken"
REMOVED = "remove this row"


def table(
    layers: Sequence[Layer], rows: Sequence[Row], refused: Sequence[Impossible]
) -> pd.DataFrame:
    """One row a layer: what is given, and as far as it is possible what comes of it.

    Columns: "layer" (text), those of GIVEN and of FOUND (Int64, missing where empty), "parameters"
    and "multiply-adds" (text), and RULE only where some row is refused.
    """
    rules = {refusal.position: refusal.rule for refusal in refused}
    found = [_found(rows[i]) if i < len(rows) else {} for i in range(len(layers))]
    shown = pd.DataFrame(
        [{**_given(layer), **row} for layer, row in zip(layers, found, strict=True)],
        columns=["layer", *GIVEN, *FOUND, "parameters", "multiply-adds"],
    )
    shown = shown.astype(dict.fromkeys((*GIVEN, *FOUND), "Int64")).astype({"layer": "object"})
    if rules:
        waits = f"waits for row {min(rules)}"
        said = [rules.get(i + 1, "" if i < len(rows) else waits) for i in range(len(layers))]
        shown.insert(1, RULE, said)
    return shown


def _given(layer: Layer) -> dict[str, object]:
    return {
        "layer": layer.kind,
        "kernel": layer.kernel,
        "stride": layer.stride,
        "padding": layer.padding,
        "padding after": layer.padding_after,
        "dilation": layer.dilation,
        "channels": layer.channels,
        "groups": layer.groups,
    }


def _found(row: Row) -> dict[str, object]:
    return {
        "output": row.output_size,
        "jump": row.jump,
        "sees": row.receptive_field,
        "start": row.start,
        "parameters": short(row.params),
        "multiply-adds": short(row.macs),
    }


def edited(layers: Sequence[Layer], changed: Mapping[int, Mapping[str, Any]]) -> tuple[Layer, ...]:
    """The layers after edits in the table: the changed cells by row number, counted from 0.

    Empty cells mean the default; an empty kernel is 0, which is then refused. A row whose layer is
    REMOVED goes.
    """
    rows = [_given(layer) | dict(changed.get(i, {})) for i, layer in enumerate(layers)]
    return tuple(_layer(row) for row in rows if row["layer"] != REMOVED)


def _layer(cells: Mapping[str, Any]) -> Layer:
    kind = cells.get("layer") if cells.get("layer") in KINDS else KINDS[0]
    kernel = _whole(cells.get("kernel"))
    stride, padding = _whole(cells.get("stride")), _whole(cells.get("padding"))
    dilation, groups = _whole(cells.get("dilation")), _whole(cells.get("groups"))
    return Layer(
        str(kind),
        kernel or 0,
        default_stride(str(kind), kernel or 0) if stride is None else stride,
        padding or 0,
        1 if dilation is None else dilation,
        _whole(cells.get("padding after")),
        _whole(cells.get("channels")),
        1 if groups is None else groups,
    )


def _whole(value: Any) -> int | None:
    """A cell's number; None for an empty cell and for what is no number."""
    try:
        return int(value) if math.isfinite(value) else None
    except (TypeError, ValueError):
        return None


def notice(rows: Sequence[Row]) -> str:
    """What the last row sees, where most of it comes from, and what all rows cost."""
    last = rows[-1]
    steps = [row.receptive_field - row.before.receptive_field for row in rows]
    most = steps.index(max(steps))
    sentence = (
        f"One value of row {len(rows)} sees **{last.receptive_field:,} × "
        f"{last.receptive_field:,} pixels**; the next value looks {last.jump:,} px further."
    )
    if len(rows) > 1:
        sentence += (
            f" Row {most + 1} adds most, {steps[most]:,} pixels: its window reaches over "
            f"{rows[most].layer.reach:,} values that lie {rows[most].before.jump:,} px apart."
        )
    params, macs = sum(row.params for row in rows), sum(row.macs for row in rows)
    owner = f"Rows 1 to {len(rows)} have" if len(rows) > 1 else "It has"
    return f"{sentence} {owner} {short(params)} weights and {short(macs)} multiply-adds."


def recurrence_with_numbers(rows: Sequence[Row]) -> pd.DataFrame:
    """The recurrence line by line: one row a layer, each cell a sum with its result (text).

    Columns: "layer", "output size", "jump", "receptive field" and "start".
    """
    return pd.DataFrame(
        [
            {
                "layer": layer_name(row.layer),
                "output size": f"{_size_in_numbers(row)} = {row.output_size}",
                "jump": f"{row.before.jump} × {row.layer.stride} = {row.jump}",
                "receptive field": (
                    f"{row.before.receptive_field} + {row.layer.dilation} × "
                    f"({row.layer.kernel} − 1) × {row.before.jump} = {row.receptive_field}"
                ),
                "start": (
                    f"{_bracketed(row.before.start)} − {_bracketed(row.layer.padding)} × "
                    f"{row.before.jump} = {row.start}".replace("-", "−")
                ),
            }
            for row in rows
        ],
        columns=["layer", "output size", "jump", "receptive field", "start"],
    )


def layer_name(layer: Layer) -> str:
    """Such as "11×11 convolution by 4" or "3×3 convolution, dilated by 2"."""
    name = f"{layer.kernel}×{layer.kernel} {layer.kind}"
    if layer.stride != 1:
        name += f" by {layer.stride}"
    return name if layer.dilation == 1 else f"{name}, dilated by {layer.dilation}"


def _size_in_numbers(row: Row) -> str:
    layer, side = row.layer, row.before.size
    uneven = (layer.after, layer.after) if layer.after != layer.padding else None
    operation = Operation(
        name="",
        kind=layer.kind,
        inputs=(),
        input_shapes=((row.before.channels, side, side),),
        output_shape=(row.after.channels, row.after.size, row.after.size),
        kernel=(layer.kernel,) * 2,
        stride=(layer.stride,) * 2,
        padding=(layer.padding,) * 2,
        dilation=(layer.dilation,) * 2,
        padding_after=uneven,
    )
    return size_formula(operation, 0)[1]


def _bracketed(value: int) -> str:
    return f"({value})" if value < 0 else str(value)
