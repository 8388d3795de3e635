"""Several small kernels against one large one, with the sums written out."""

from __future__ import annotations

import pandas as pd

from analysis.amounts import exact, short
from analysis.structure.stack import Repeated


def name_of(side: Repeated) -> str:
    """Such as "three layers of 3×3" or "one layer of 7×7"."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    count = words[side.count] if side.count < len(words) else str(side.count)
    return f"{count} layer{'' if side.count == 1 else 's'} of {side.kernel}×{side.kernel}"


def table(left: Repeated, right: Repeated, channels: int, height: int, width: int) -> pd.DataFrame:
    """One row a quantity, one column a side (text): the rule, the numbers put in, the result."""
    columns = {
        name_of(side).capitalize(): _column(side, channels, height, width) for side in (left, right)
    }
    return pd.DataFrame(
        columns, index=["Receptive field", "Weights", "Multiply-adds", "Non-linearities"]
    )


def _column(side: Repeated, channels: int, height: int, width: int) -> list[str]:
    n, k, c = side.count, side.kernel, side.coefficient
    return [
        f"{n} × ({k} − 1) + 1 = **{side.receptive_field} px**",
        f"{n} × {k}² × C² = **{c}C²** = {c} × {channels}² = **{exact(side.params(channels))}**",
        f"{c}C² × H × W = {c} × {channels}² × {height} × {width} = "
        f"**{short(side.macs(channels, height, width))}**",
        f"one behind each layer: **{n}**",
    ]


def markdown(found: pd.DataFrame) -> str:
    """The table as Markdown."""
    lines = [f"| | {' | '.join(found.columns)} |", "| --- " * (len(found.columns) + 1) + "|"]
    lines += [f"| {label} | {' | '.join(row)} |" for label, row in found.iterrows()]
    return "\n".join(lines)


def notice(left: Repeated, right: Repeated) -> str:
    """Who sees more and who costs more, in sentences with the numbers."""
    one, other = name_of(left).capitalize(), name_of(right)
    if left.receptive_field == right.receptive_field:
        seen = f"{one} see as much as {other}: {left.receptive_field} × {left.receptive_field} px."
    else:
        seen = (
            f"{one} see {left.receptive_field} × {left.receptive_field} px, {other} "
            f"see{'s' if right.count == 1 else ''} "
            f"{right.receptive_field} × {right.receptive_field}."
        )
    if left.count == 1:
        seen = seen.replace(" see ", " sees ", 1)
    return f"{seen} {_of_cost(left, right)}"


def _of_cost(left: Repeated, right: Repeated) -> str:
    costs = f"{left.coefficient}C² weights against {right.coefficient}C²"
    bends = f"Their non-linearities are {left.non_linearities} against {right.non_linearities}."
    if left.coefficient == right.coefficient:
        return f"Both cost the same, {costs}. {bends}"
    dearer, cheaper = sorted((left, right), key=lambda side: side.coefficient, reverse=True)
    factor = dearer.coefficient / cheaper.coefficient
    return (
        f"They cost {costs}, and as many multiply-adds a pixel: {name_of(dearer)} "
        f"cost{'s' if dearer.count == 1 else ''} {factor:.2f} times as much, {factor - 1:.0%} "
        f"more, whatever C, H and W are. {bends}"
    )
