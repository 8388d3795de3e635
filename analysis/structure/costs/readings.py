"""How a printed sum can have come about: slips that lead from the terms to what is printed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis import amounts
from analysis.structure.costs.terms import Side
from analysis.structure.printed import Printed, parsed


def near_misses(printed: str, side: Side, quantity: str) -> str:
    """A sentence on how `printed` follows from the sum over `side`.

    `quantity` is "macs", "params", or "values" for the values of its output. Tried in this order:
    rounded, cut off, one term counted twice or left out, two neighbouring digits exchanged, another
    number of output channels.

    Raises:
        ValueError: if `printed` has no number, such as "358M", in it.
    """
    number = parsed(printed)
    if number is None:
        raise ValueError(f"{printed!r} has no number in it; give one such as '358M'.")
    exact = side.values if quantity == "values" else side.amount(quantity)
    if number.rounds(exact):
        return "It holds, rounded."
    if number.truncates(exact):
        return "It holds, cut off instead of rounded."
    found = list(_slips(printed, number, side, quantity, exact))
    return found[0] if found else "No single slip in these terms gives the printed number."


def _slips(printed: str, number: Printed, side: Side, quantity: str, exact: int) -> Iterator[str]:
    if quantity != "values":
        yield from _miscounted(printed, number, side, quantity, exact)
    right = _as_printed(exact, number.step)
    if right in _exchanged(_as_printed(number.value, number.step)):
        yield f"It does not hold: the sum rounds to {right}; two of its digits are exchanged."
    if quantity == "values":
        yield from _other_channels(printed, number, side)


def _miscounted(
    printed: str, number: Printed, side: Side, quantity: str, exact: int
) -> Iterator[str]:
    for term in side.terms:
        part = term.amount(quantity)
        for sign, how in ((1, "counted twice"), (-1, "left out")):
            total = exact + sign * part
            if part and number.rounds(total):
                yield (
                    f"It does not hold: {printed} comes out when one term is {how}, "
                    f"{term.label} with {amounts.exact(part)}: that sum is {amounts.exact(total)}."
                )


def _other_channels(printed: str, number: Printed, side: Side) -> Iterator[str]:
    channels, *sides = side.output_shape
    places = math.prod(sides)
    other = round(number.value / places)
    if number.rounds(other * places):
        yield (
            f"It does not hold: {printed} would take {other} channels, as "
            f"{' × '.join(map(str, (*sides, other)))} = {amounts.exact(other * places)}; "
            f"the branches have {channels}, and the sum rounds to "
            f"{_as_printed(side.values, number.step)}."
        )


def _as_printed(value: float, step: float) -> str:
    """In whole steps with their unit: 854196224 in millions is "854M"."""
    unit = {1e3: "k", 1e6: "M", 1e9: "G"}.get(step, "")
    return f"{value / (step if unit else 1):.0f}{unit}"


def _exchanged(text: str) -> set[str]:
    """All texts with two neighbouring characters exchanged."""
    return {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
