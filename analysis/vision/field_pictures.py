"""Measured fields as pictures, and what is to be noticed in them."""

from __future__ import annotations

from math import prod, sqrt
from operator import ge, le

import numpy as np
from PIL import Image

from analysis.structure.refusals import shape_text
from analysis.structure.window_on_input import Window
from analysis.vision.attribution import AttributionMap
from analysis.vision.measured_field import pixels_with
from analysis.vision.overlay import SEQUENTIAL, colours

SHARE = 0.95  # of the magnitude
_SHOWN = 320  # pixels of the screen that a side should have at least


def fitted(image: Image.Image, shape: tuple[int, ...]) -> np.ndarray:
    """The middle square of a picture at a network's input size (C, H, W): (H, W, 3) uint8.

    It is grey where the network takes one channel. Small inputs are enlarged by whole pixels.
    """
    channels, height, width = shape
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.convert("L" if channels == 1 else "RGB").crop(
        (left, top, left + side, top + side)
    )
    small = square.resize((width, height), Image.Resampling.BILINEAR).convert("RGB")
    return _enlarged(np.asarray(small))


def _enlarged(picture: np.ndarray) -> np.ndarray:
    times = max(1, _SHOWN // min(picture.shape[:2]))
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def of_support(reached: np.ndarray, shown: Window) -> np.ndarray:
    """Reached pixels in the last colour of the scale, the others in its first: (h, w, 3) uint8.

    `shown` is the part of the image to show.
    """
    scale = np.array([SEQUENTIAL[0], SEQUENTIAL[-1]], dtype=np.uint8)
    return _enlarged(_cut(scale[reached.astype(int)], shown))


def of_effective(field: np.ndarray, shown: Window) -> np.ndarray:
    """From violet (nothing) to yellow (most): (h, w, 3) uint8.

    Colours follow the square root of the magnitude, else all but the middle would look alike.
    """
    values = AttributionMap(_cut(np.sqrt(field), shown), "effective field", signed=False)
    return _enlarged(colours(values))


def _cut(values: np.ndarray, shown: Window) -> np.ndarray:
    rows, columns = (slice(f, e) for f, e in zip(shown.first, shown.end, strict=True))
    return values[rows, columns]


def notice_of_support(reached: np.ndarray, window: Window) -> str:
    """Whether the measurement and the arithmetic agree, with the numbers."""
    inside = window.clipped
    count = int(reached.sum())
    if not count:
        return "No pixel of the image has a path to this value."
    first, end = bounds(reached)
    measured = shape_text([e - f for f, e in zip(first, end, strict=True)])
    sentence = f"{count:,} pixels have a path to this value, in a box of {measured}: "
    on_image = shape_text(inside.size)
    if (first, end) == (inside.first, inside.end):
        sentence += "exactly the part of the window that lies on the image."
    elif all(map(ge, first, inside.first)) and all(map(le, end, inside.end)):
        sentence += f"the window has {on_image} on the image, but strides leave its edge out."
    else:
        sentence += f"the window has {on_image} on the image, the rest comes through a gate."
    box = prod(e - f for f, e in zip(first, end, strict=True))
    if count < box:
        sentence += f" {box - count:,} pixels of the box are skipped."
    return sentence


def bounds(reached: np.ndarray) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First row and column that are reached, and the first behind them all."""
    axes = reached.nonzero()
    return tuple(int(a.min()) for a in axes), tuple(int(a.max()) + 1 for a in axes)


def notice_of_effective(field: np.ndarray, window: Window, sees_all: bool = False) -> str:
    """In how small a part of the theoretical area 95% of the influence lies, with the numbers.

    The area is the window, or with `sees_all` the image, as behind a gate.
    """
    count = pixels_with(field, SHARE)
    if not count:
        return "No gradient arrives at the image: this value is the same whatever the pixels are."
    inside = window.clipped
    sentence = (
        f"{SHARE:.0%} of the magnitude lies in {count:,} pixels, as many as a square of "
        f"{sqrt(count):.0f} × {sqrt(count):.0f}: "
    )
    if sees_all:
        within = float(_cut(field, inside).sum() / field.sum())
        return sentence + (
            f"**{count / field.size:.0%}** of the image's {field.size:,}, all of which it sees "
            f"behind its gate. The window alone holds {within:.0%} of the magnitude."
        )
    sentence += f"**{count / inside.area:.0%}** of the window's {inside.area:,} pixels on the image"
    if window.is_clipped:
        sentence += f", {count / window.area:.1%} of its true {window.area:,}"
    return sentence + "."
