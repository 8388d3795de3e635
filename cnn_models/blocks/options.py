"""Checks of options that several families take."""

from __future__ import annotations


def require_dropout(probability: float) -> float:
    """Return `probability` where it can be one of dropout: from 0 up to, not including, 1.

    Raises:
        ValueError: if it is out of that range.
    """
    if not 0 <= probability < 1:
        raise ValueError(f"dropout is {probability}; it is at least 0 and less than 1.")
    return probability
