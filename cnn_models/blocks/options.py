"""Checks of options that several families take."""

from __future__ import annotations

from math import inf


def require_below_one(**options: float) -> None:
    """Refuse probabilities of dropout and its like that are not from 0 up to, not including, 1.

    Raises:
        ValueError: if one is out of that range.
    """
    for name, value in options.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} is {value}; it is at least 0 and less than 1.")


def require_over_zero(**options: float) -> None:
    """Refuse factors, such as the multiplier of all widths, that are not over 0, or without end.

    Raises:
        ValueError: if one is out of that range.
    """
    for name, value in options.items():
        if not 0 < value < inf:
            raise ValueError(f"{name} is {value}; it is over 0 and finite.")


def require_survival(probability: float) -> float:
    """Return `probability` where a block can survive with it: over 0 and up to 1.

    Raises:
        ValueError: if it is out of that range.
    """
    if not 0 < probability <= 1:
        raise ValueError(f"survival is {probability}; it is over 0 and up to 1.")
    return probability


def require_depth(depth: int, step: int, rest: int) -> int:
    """Return n of a depth of `step` · n + `rest` layers, where n is at least 1.

    Raises:
        ValueError: if no n gives this depth.
    """
    n, left = divmod(depth - rest, step)
    if n < 1 or left:
        shallowest = ", ".join(str(step * n + rest) for n in (1, 2, 3))
        raise ValueError(f"depth is {depth}; it is {step}n + {rest}, such as {shallowest} layers.")
    return n


def require_at_least_one(**options: int) -> None:
    """Refuse options that count something and leave nothing of it.

    Raises:
        ValueError: if one is less than 1.
    """
    for name, value in options.items():
        if value < 1:
            raise ValueError(f"{name} is {value}; it is at least 1.")
