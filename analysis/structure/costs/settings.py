"""The sizes that can be chosen: each field of a decision says its label and its bounds."""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from typing import Any

_KEY = "setting"


class BadSizes(ValueError):
    """Sizes that no layer can have; the message says which rule they break and what would do."""


@dataclass(frozen=True)
class Setting:
    """One size: what it is called, and the values it can have.

    `values` is a tuple, or a range with the stops of a slider: any whole number from 1 to its end
    is a size. `in_sight`: whether a page shows it at once.
    """

    name: str
    label: str
    values: range | tuple[float, ...]
    default: float
    in_sight: bool

    @property
    def bounds(self) -> str:
        """What is a size, in words: "1 to 1,024", or "2, 4, 8 or 16"."""
        if isinstance(self.values, range):
            return f"1 to {self.values[-1]:,}"
        *most, last = map("{:g}".format, self.values)
        return f"{', '.join(most)} or {last}"

    @property
    def stops(self) -> str:
        """Where a slider stops, in words: "8 to 1,024 in steps of 8"."""
        if not isinstance(self.values, range) or self.values.step == 1:
            return self.bounds
        return f"{self.values[0]} to {self.values[-1]:,} in steps of {self.values.step}"

    def check(self, value: object) -> None:
        """Refuse what is not allowed.

        Raises:
            BadSizes: naming the size and its bounds.
        """
        allowed = self.values
        if isinstance(allowed, range):
            allowed = range(1, allowed[-1] + 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in allowed:
            raise BadSizes(f"{self.label} is {value!r}; it can be {self.bounds}.")


def whole(label: str, default: int, high: int, step: int = 1, seen: bool = False) -> Any:
    """A field of a decision: a whole number up to `high`; a slider stops at multiples of `step`."""
    values = range(step, high + 1, step)
    given = {"label": label, "values": values, "default": default, "in_sight": seen}
    return field(default=default, metadata={_KEY: given})


def one_of(label: str, default: float, values: tuple[float, ...], seen: bool = False) -> Any:
    """A field of a decision: one of a few values."""
    given = {"label": label, "values": values, "default": default, "in_sight": seen}
    return field(default=default, metadata={_KEY: given})


def setting_of(declared: Field[Any]) -> Setting:
    """What a field made by `whole` or `one_of` says of itself."""
    return Setting(name=declared.name, **declared.metadata[_KEY])
