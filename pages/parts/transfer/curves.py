"""How many pictures a class takes, and how many stages should learn: a record."""

from __future__ import annotations


def draw() -> None:
    """Draw accuracy against pictures of each class."""
