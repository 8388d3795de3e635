"""Which texts an address may hold for a choice, and what each of them means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol


class Meanings(Protocol):
    """The texts that the address may hold for a choice, and what each means."""

    def __contains__(self, text: object, /) -> bool: ...

    def __getitem__(self, text: str, /) -> object: ...


@dataclass(frozen=True)
class Spelled:
    """Values without end, such as numbers or a list of layers, each written in one way.

    `read` turns the address's text into the value, or raises a ValueError.
    """

    read: Callable[[str], object]

    def __contains__(self, text: object, /) -> bool:
        try:
            self.read(str(text))
        except ValueError:
            return False
        return True

    def __getitem__(self, text: str, /) -> object:
        return self.read(text)


def whole_numbers(numbers: range) -> Spelled:
    """The numbers of a range, however long it is."""

    def read(text: str) -> int:
        number = int(text)
        if number not in numbers:
            raise ValueError(f"{number} is not from {numbers[0]} to {numbers[-1]}")
        return number

    return Spelled(read)


def meanings(options: Iterable[object] | Spelled) -> Meanings:
    """The values themselves, by their texts; those of a range are not written out."""
    if isinstance(options, Spelled):
        return options
    if isinstance(options, range):
        return whole_numbers(options)
    return {str(option): option for option in options}
