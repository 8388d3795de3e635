"""What a decision can be set to, and what changes when it is: plain data, no tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.amounts import mebibytes, short
from analysis.structure.operations import Shape, Totals
from analysis.structure.table import MIB

Value = int | str
_NEAR_ONE = 0.1  # a change that is said in percent


class NotOffered(ValueError):
    """A network without this decision, or a value that the decision cannot have.

    The message says which values, decisions or networks would work.
    """


@dataclass(frozen=True)
class Offer:
    """A decision that can be made anew in one network.

    `values` are what it can be set to, `texts` the same in words, `present` the one that the
    network has. `sentence` says what would change and what would stay. `telling` are values to
    show first, where there are such.
    """

    decision: str
    label: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]
    present: Value
    sentence: str
    telling: tuple[Value, ...] = ()

    @property
    def default(self) -> Value:
        """A value that changes something, a telling one if it can."""
        known = (value for value in (*self.telling, *self.values) if value in self.values)
        return next(value for value in known if value != self.present)

    def text(self, value: Value) -> str:
        """The value in words, such as "1×1 reductions removed" for "unreduced"."""
        return self.texts[self.values.index(value)]

    def check(self, value: object) -> None:
        """Refuse what is none of the values.

        Raises:
            NotOffered: with the values that are allowed.
        """
        if not any(type(v) is type(value) and v == value for v in self.values):
            allowed = ", ".join(map(repr, self.values))
            raise NotOffered(f"{self.label} cannot be {value!r} here; it can be {allowed}.")


@dataclass(frozen=True)
class Row:
    """One part of the network, such as a stage; all 0 on the side where it does not exist."""

    part: str
    before: Totals
    after: Totals


@dataclass(frozen=True)
class Change:
    """One network before and after a decision.

    `what` says what was changed, where and how often. `fields` are the sides of the receptive
    field of the last map, before and after, in input pixels; empty where it has none. The totals
    are the sums over `rows`.
    """

    key: str
    decision: str
    value: Value
    present: Value
    what: str
    before: Totals
    after: Totals
    fields: tuple[Shape, Shape]
    rows: tuple[Row, ...]

    @property
    def effect(self) -> str:
        """How parameters, multiply-adds, memory and receptive field move, in two sentences."""
        old, new = self.before, self.after
        amounts = (
            f"Parameters: {_moved(old.params, new.params, short)}",
            f"multiply-adds: {_moved(old.macs, new.macs, short)}",
            f"memory: {_moved(old.activation_bytes, new.activation_bytes, mebibytes)}",
        )
        return f"{'; '.join(amounts)}. {self._seen()}".strip()

    def _seen(self) -> str:
        before, after = (max(sides, default=None) for sides in self.fields)
        if before == after:
            return f"The receptive field stays at {before:,} pixels." if before else ""
        return f"The receptive field goes from {before} to {after} pixels."

    def totals(self) -> pd.DataFrame:
        """One row an amount, indexed by its name, with "before", "after", "change" and "×".

        Amounts: "parameters", "multiply-adds", "memory (MiB)" and "receptive field (px)", the
        largest side of it; that row is left out where the network has none.
        """
        return pd.DataFrame(
            [_amounts(name, before, after) for name, before, after in self._compared()]
        ).set_index("amount")

    def _compared(self) -> Iterator[tuple[str, float, float]]:
        yield "parameters", self.before.params, self.after.params
        yield "multiply-adds", self.before.macs, self.after.macs
        old, new = self.before.activation_bytes, self.after.activation_bytes
        yield "memory (MiB)", old / MIB, new / MIB
        if all(self.fields):
            yield "receptive field (px)", max(self.fields[0]), max(self.fields[1])

    def table(self, everything: bool = False) -> pd.DataFrame:
        """One row a part of the network, in order: where the difference sits.

        Columns: "part", then "Δ parameters", "Δ multiply-adds" and "Δ memory (MiB)", after
        minus before. Parts that stay as they are come only with `everything`.
        """
        rows = [_difference(row) for row in self.rows if everything or row.before != row.after]
        columns = ["part", "Δ parameters", "Δ multiply-adds", "Δ memory (MiB)"]
        return pd.DataFrame(rows, columns=columns)


def _moved(before: int, after: int, text: Callable[[int], str]) -> str:
    if before == after:
        return f"{text(before)} as before"
    if not before:
        return f"from {text(before)} to {text(after)}"
    factor = after / before
    times = f"{100 * (factor - 1):+.2g}%" if abs(factor - 1) < _NEAR_ONE else f"× {factor:.3g}"
    return f"from {text(before)} to {text(after)} ({times})"


def _amounts(name: str, before: float, after: float) -> dict[str, object]:
    factor = after / before if before else float("nan")
    return {
        "amount": name,
        "before": before,
        "after": after,
        "change": after - before,
        "×": factor,
    }


def _difference(row: Row) -> tuple[object, ...]:
    return (
        row.part,
        row.after.params - row.before.params,
        row.after.macs - row.before.macs,
        (row.after.activation_bytes - row.before.activation_bytes) / MIB,
    )
