"""Scales of colours as Plotly takes them."""

from __future__ import annotations


def scale(colours: tuple[tuple[int, int, int], ...]) -> list[list[object]]:
    """Equal steps from the first colour, each (red, green, blue) of 0..255, to the last."""
    return [[place / (len(colours) - 1), f"rgb{colour}"] for place, colour in enumerate(colours)]
