"""What to notice in filters, maps and responses, in sentences that quote their numbers."""

from __future__ import annotations

from math import prod

import numpy as np

from analysis.amounts import counted, percent
from analysis.structure.operations import Operation
from analysis.structure.refusals import shape_text
from analysis.structure.window_on_input import Window
from analysis.vision.features.filters import Facts
from analysis.vision.features.maps import Maps
from analysis.vision.features.response import Response, share_inside

NEARLY_GREY = 0.9  # of a filter's energy common to all colours
ORIENTED = 0.7  # coherence: that of noise on 3 × 3 weights is above it once in twenty
ALIKE = 0.3  # correlation of neighbouring weights that noise of any size hardly reaches


def of_filters(weights: np.ndarray, found: Facts, noise: Facts, trained: bool) -> str:
    """Grey, oriented and smooth filters of (n, C, h, w), against as many of noise."""
    count, colours, *window = weights.shape
    sentences = []
    if colours == 3:
        grey = int((found.grey >= NEARLY_GREY).sum())
        sentences.append(
            f"**{grey} of {count}** filters are nearly grey: at least {NEARLY_GREY:.0%} of their "
            f"energy is the same in all three colours. On average {found.grey.mean():.0%} is; "
            f"random filters have {noise.grey.mean():.0%}."
        )
    if min(window) > 1:
        oriented = int((found.direction >= ORIENTED).sum())
        sentences.append(
            f"**{oriented} of {count}** have a clear direction (coherence at least {ORIENTED}); of "
            f"random filters {percent(float((noise.direction >= ORIENTED).mean()))} do."
        )
    if max(window) > 1:
        sentences.append(_likeness(found, noise, trained))
    return " ".join(sentences)


def _likeness(found: Facts, noise: Facts, trained: bool) -> str:
    mean = float(found.likeness.mean())
    said = f"Neighbouring weights correlate by **{_plain(mean)}** on average"
    if mean < ALIKE:
        why = "" if trained else " These are random weights: nothing has shaped them."
        return (
            f"{said}, noise by {_plain(float(noise.likeness.mean()))}: they look like noise.{why}"
        )
    return f"{said}, noise by {_plain(float(noise.likeness.mean()))}: these have a shape."


def of_maps(op: Operation, found: Maps, trained: bool) -> str:
    """How unequally the channels answer, and how many do not at all."""
    values, first = found.values, found.channels[0]
    count = len(values)
    sentence = (
        f"Of {counted(count, 'channel')} of `{op.name}`, channel **{first}** answers "
        f"this picture most: its {found.order} is **{number(values[first])}**, that of the middle "
        f"channel {number(float(np.median(values)))}."
    )
    if found.silent:
        why = ": what they look for is not in this picture" if trained else ""
        sentence += f" {found.silent:,} of {count:,} ({percent(found.silent / count)}) are zero"
        sentence += f" everywhere{why}."
    return sentence


def of_rank(found: Maps, channel: int) -> str:
    """Where a channel stands that is not among the maps shown; "" for one that is."""
    if channel in found.channels:
        return ""
    above = int((found.values > found.values[channel]).sum())
    return (
        f"Channel {channel} is not in the grid: its {found.order}, "
        f"{number(found.values[channel])}, has rank {above + 1:,} of {len(found.values):,}."
    )


def of_size(found: Maps) -> str:
    """How many maps are shown, and how small."""
    said = f"The {len(found.channels)} strongest of {len(found.values):,} maps"
    said += f", {shape_text(found.size)} values each"
    if found.shown.shape[1:] != found.size:
        said += f", averaged to {shape_text(found.shown.shape[1:])}"
    return said + "."


def of_response(op: Operation, found: Response, window: Window) -> str:
    """Where the channel is strongest, what its window is, and where the gradient lies."""
    row, column = found.place
    sentence = (
        f"Channel {found.channel} is largest in row {row + 1}, column {column + 1} of its map: "
        f"**{number(found.value)}**. {_window(op, window)}"
    )
    share = share_inside(found.magnitude, window)
    if share is None:
        return f"{sentence} {_no_gradient(found)}"
    reached = int((found.magnitude > 0).sum())
    inside = window.clipped.area
    said = f" **{percent(share)}** of the gradient lies in the box"
    if not _is_gated(op):
        return f"{sentence}{said}, on {reached:,} of its {inside:,} pixels."
    return (
        f"{sentence}{said}, on {reached:,} of {prod(window.image):,} pixels in all: a gate before "
        "this layer is computed from the whole image, so pixels outside the box move the value too."
    )


def _window(op: Operation, window: Window) -> str:
    field = op.receptive_field
    if field is None:
        return "No rule gives its window, so the box is the whole image."
    if not field.is_local:
        return "The whole map was mixed before, so it sees the whole image."
    inside = window.clipped
    said = f"It sees {shape_text(window.size)} pixels"
    if not window.is_clipped:
        return f"{said}."
    return f"{said}, {shape_text(inside.size)} of them on the image; the rest is padding."


def _no_gradient(found: Response) -> str:
    if found.value == 0:
        return "The value is 0 because a ReLU lets nothing through, so no pixel moves it."
    return "No pixel moves it: the gradient is zero everywhere."


def _is_gated(op: Operation) -> bool:
    field = op.receptive_field
    return field is not None and field.is_local and field.is_global


def number(value: float) -> str:
    """Three significant digits, with a real minus."""
    return f"{value:.3g}".replace("-", "−")


def _plain(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")
