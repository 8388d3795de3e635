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


def require_width(width: float) -> float:
    """Return `width` where it can multiply every number of channels: anything over 0.

    Raises:
        ValueError: if it is out of that range.
    """
    if not width > 0:
        raise ValueError(f"width is {width}; this network's multiplier is over 0.")
    return width


def require_survival(probability: float) -> float:
    """Return `probability` where a block can survive with it: over 0 and up to 1.

    Raises:
        ValueError: if it is out of that range.
    """
    if not 0 < probability <= 1:
        raise ValueError(f"survival is {probability}; it is over 0 and up to 1.")
    return probability
